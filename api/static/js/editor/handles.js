// Handles on the map: drag a point, drag or press the middle of an edge to add one, choose one. Everything that they do the table
// does by keyboard. They are our own markers of Leaflet: a drawing plug-in brings controls without labels and keys of its own.

import { h } from '../dom.js';
import { calm, groups, latLng, map, numberSides } from './chart.js';
import { change, preview, settle } from './history.js';
import { inOrder, insertAfter, isClosed, move, turning } from './model.js';
import { near } from './snapping.js';
import { on, set, state } from './state.js';
import { done, snapped } from './words.js';

// Beyond these the handles would hide the line that they stand on; the table still has every point.
const MOST = 600;
const MOST_NUMBERED = 60;
let marks = new Map();
let dragging = false;

/** Draws handles whenever the model changes, except while one is dragged. */
export function start() {
  on('model', (model) => { if (!dragging) show(model); });
  on('faults', () => { if (!dragging) show(state.model); });
  on('selected', (id) => { mark(id); reveal(id); });
}

const toMs = ({ lat, lng }) => [Math.round(lng * 3600000), Math.round(lat * 3600000)];

function show(model) {
  groups.handles.clearLayers();
  marks = new Map();
  const points = model ? inOrder(model) : [];
  if (!points.length || points.length > MOST) return;
  const many = points.length > MOST_NUMBERED;
  const sides = many ? new Map() : numberSides(model, turning);
  const faulty = new Set(state.faults.map((fault) => fault.id));
  for (const point of points) {
    const marker = L.marker(latLng([point.lon, point.lat]), { pane: 'handles', keyboard: false, draggable: !state.readonly, autoPan: true, icon: icon(point, many, sides.get(point.id), faulty.has(point.id)) });
    marker.on('click', () => set('selected', point.id));
    watch(marker, () => ({ id: point.id, model: state.model }));
    marks.set(point.id, marker.addTo(groups.handles));
  }
  if (isClosed(model) && !many && !state.readonly) middles(model);
  mark(state.selected);
}

function icon(point, many, side = 'ne', fault = false) {
  const words = h('b', { class: side }, String(point.number));
  return L.divIcon({ className: `vx${fault ? ' fault' : ''}${many ? ' many' : ''}`, iconSize: many ? [6, 6] : [10, 10], html: many ? '' : words });
}

/** A marker that is dragged: `begin()` says which point of which model it moves. Alt leaves neighbours aside. */
function watch(marker, begin) {
  let held = null;
  marker.on('dragstart', () => {
    dragging = true;
    held = { before: state.model, ...begin() };
    set('selected', held.id);
  });
  marker.on('drag', (event) => {
    held.found = event.originalEvent?.altKey ? null : near(map, marker.getLatLng(), held.id);
    const [lon, lat] = held.found ? [held.found.lon, held.found.lat] : toMs(marker.getLatLng());
    held.moved = move(held.model, held.id, lon, lat);
    preview(held.moved);
  });
  marker.on('dragend', () => {
    dragging = false;
    if (!held.moved) return;
    settle(held.before, held.moved);
    if (held.found && held.found.kind !== 'own') snapped(held.moved.points[held.id].number, held.found);
  });
}

/** Middles of edges: pressed they become a point, dragged they become one that moves. */
function middles(model) {
  for (const ring of [model.exterior, ...model.holes]) {
    ring.forEach((id, order) => {
      const [a, b] = [model.points[id], model.points[ring[(order + 1) % ring.length]]];
      const at = [Math.round((a.lon + b.lon) / 2), Math.round((a.lat + b.lat) / 2)];
      const added = () => { const made = insertAfter(state.model, id, ...at); return { id: `p${state.model.next}`, model: made }; };
      const marker = L.marker(latLng(at), { pane: 'handles', keyboard: false, draggable: true, zIndexOffset: -500, icon: L.divIcon({ className: 'vx mid', iconSize: [8, 8] }) });
      marker.on('click', () => { const made = added(); change(made.model); set('selected', made.id); done('editor.added', { n: made.model.points[made.id].number }); });
      watch(marker, added);
      marker.addTo(groups.handles);
    });
  }
}

function mark(id) {
  for (const [each, marker] of marks) marker.getElement()?.classList.toggle('on', each === id);
}

function reveal(id) {
  const point = id && state.model?.points[id];
  if (!point || dragging) return;
  const at = L.latLng(latLng([point.lon, point.lat]));
  if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, calm());
}

