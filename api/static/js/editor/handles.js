// Handles on the map: drag a point, press an edge's middle to add one, choose one. By keyboard the table does the same.

import { groups, latLng, map, numberSides, handleIcon } from '../chart.js';
import { on, set, state } from '../state.js';
import { change, preview, settle } from './history.js';
import { insertAfter, inOrder, isClosed, move } from './model.js';
import { near } from './snapping.js';
import { snapped } from './words.js';

// Beyond this the handles would hide the line that they stand on; the table still has every point.
const MOST = 600;
let marks = new Map();
let busy = false;

/** Draws handles whenever the model changes, except while one is dragged. */
export function start() {
  on('model', (model) => { if (!busy) show(model); });
  on('selected', mark);
}

const toMs = ({ lat, lng }) => [Math.round(lng * 3600000), Math.round(lat * 3600000)];

function show(model) {
  groups.handles.clearLayers();
  marks = new Map();
  const points = inOrder(model);
  if (points.length > MOST || state.readonly) return;
  const sides = numberSides(model);
  for (const point of points) {
    const marker = L.marker(latLng([point.lon, point.lat]), { pane: 'handles', keyboard: false, draggable: true, autoPan: true, title: String(point.number), icon: handleIcon(point.number, points.length > 60, sides.get(point.id)) });
    marker.on('click', () => set('selected', point.id));
    marker.on('dragstart', () => { busy = true; marker.before = state.model; set('selected', point.id); });
    marker.on('drag', (event) => drag(marker, point.id, event));
    marker.on('dragend', () => drop(marker, point.id));
    marks.set(point.id, marker.addTo(groups.handles));
  }
  if (isClosed(model) && points.length <= 60) middles(model);
  mark(state.selected);
}

function drag(marker, id, event) {
  const free = event.originalEvent?.altKey;
  const found = free ? null : near(map, marker.getLatLng());
  const [lon, lat] = found ? [found.lon, found.lat] : toMs(marker.getLatLng());
  marker.snap = found;
  preview(move(state.model, id, lon, lat));
}

function drop(marker, id) {
  busy = false;
  const { lon, lat } = state.model.points[id];
  settle(marker.before, move(state.model, id, lon, lat));
  if (marker.snap) snapped(state.model.points[id].number, marker.snap.kind);
}

function middles(model) {
  const ring = model.exterior;
  ring.forEach((id, order) => {
    const [a, b] = [model.points[id], model.points[ring[(order + 1) % ring.length]]];
    const at = [(a.lon + b.lon) / 2, (a.lat + b.lat) / 2];
    L.marker(latLng(at), { pane: 'handles', keyboard: false, opacity: 0.9, icon: L.divIcon({ className: 'vx mid', iconSize: [8, 8] }) })
      .on('click', () => change(insertAfter(state.model, id, Math.round(at[0]), Math.round(at[1]))))
      .addTo(groups.handles);
  });
}

function mark(id) {
  for (const [each, marker] of marks) marker.getElement()?.classList.toggle('on', each === id);
  const point = id && state.model?.points[id];
  if (!point) return;
  const at = L.latLng(latLng([point.lon, point.lat]));
  if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
}
