// Drawing: a click or a press of Enter at the crosshair puts a point; the first point, a double click or Esc ends. While one draws the
// map is an application with its own keys; otherwise it is a picture with a table beside it.

import { byId } from '../dom.js';
import { say, t } from '../texts.js';
import { groups, latLng, map } from './chart.js';
import { change } from './history.js';
import { append, empty, isClosed, remove } from './model.js';
import { near } from './snapping.js';
import { on, state } from './state.js';
import { snapped } from './words.js';

const STEP_PX = 20;
const FINE_PX = 2;
const CLOSES_PX = 10;
const EDGE_PX = 60;
// A double click comes as two clicks first: the second at the same place is no point.
const TWICE_MS = 450;
const TWICE_PX = 6;
let cross = null;
let drawing = false;
// What is drawn replaces what was there with its first point, not before: undo brings it back, and Esc at once changes nothing.
let fresh = null;
let lastClick = { at: null, time: 0 };
let band = null;

/** Wires the buttons, the map's clicks and keys. */
export function start() {
  for (const button of document.querySelectorAll('[data-draw]')) button.addEventListener('click', () => (drawing ? end() : begin()));
  map.on('click', clicked);
  map.on('dblclick', () => { if (drawing) end(); });
  map.on('mousemove', (event) => { if (drawing) stretch(event.latlng); });
  map.getContainer().addEventListener('keydown', press, true);
  on('model', () => { if (drawing) stretch(null); });
}

/** Begins anew; what stands stays until the first point is put. */
export function begin() {
  drawing = true;
  const units = state.model?.units.slice(0, 1).map((unit) => ({ ...unit, rings: null })) ?? [];
  fresh = { ...empty(), units };
  const container = map.getContainer();
  map.doubleClickZoom.disable();
  map.keyboard.disable();
  container.setAttribute('role', 'application');
  container.setAttribute('tabindex', '0');
  container.setAttribute('aria-label', t('editor.draw.map'));
  byId('map-panel').classList.add('drawing');
  pressed(true);
  byId('draw-keys').hidden = false;
  cross = map.getSize().divideBy(2);
  place();
  container.focus();
  say(t('editor.draw.begun'));
}

function pressed(is) {
  for (const button of document.querySelectorAll('[data-draw]')) button.setAttribute('aria-pressed', String(is));
}

/** Drawing is over; fewer than three points stay as they are and the table says what is lacking. */
export function end() {
  if (!drawing) return;
  drawing = false;
  fresh = null;
  const container = map.getContainer();
  map.doubleClickZoom.enable();
  map.keyboard.enable();
  container.setAttribute('role', 'img');
  container.setAttribute('aria-label', t('page.map.image'));
  byId('map-panel').classList.remove('drawing');
  pressed(false);
  byId('cross').hidden = true;
  byId('draw-keys').hidden = true;
  stretch(null);
  const closed = state.model && isClosed(state.model);
  say(t(closed ? 'editor.draw.ended' : 'editor.draw.few'));
  (closed ? byId('points-block') : byId('draw')).focus();
}

function clicked(event) {
  if (!drawing) return;
  const at = event.containerPoint;
  const now = performance.now();
  const again = lastClick.at && now - lastClick.time < TWICE_MS && at.distanceTo(lastClick.at) < TWICE_PX;
  lastClick = { at, time: now };
  if (!again) put(event.latlng, event.originalEvent.altKey);
}

function put(latlng, free) {
  const model = fresh ?? state.model;
  const first = model.points[model.exterior[0]];
  if (first && model.exterior.length > 2 && map.latLngToContainerPoint(latLng([first.lon, first.lat])).distanceTo(map.latLngToContainerPoint(latlng)) < CLOSES_PX) { end(); return; }
  const found = free ? null : near(map, latlng);
  const [lon, lat] = found ? [found.lon, found.lat] : [Math.round(latlng.lng * 3600000), Math.round(latlng.lat * 3600000)];
  if (Object.values(model.points).some((point) => point.lon === lon && point.lat === lat)) { say(t('editor.draw.there')); return; }
  const made = append(model, lon, lat);
  fresh = null;
  change(made);
  const { number } = made.points[made.exterior.at(-1)];
  if (found) snapped(number, found);
  else say(t('editor.draw.put', { n: number }));
}

function press(event) {
  if (!drawing || event.target !== map.getContainer() || event.ctrlKey || event.metaKey) return;
  const size = event.shiftKey ? FINE_PX : STEP_PX;
  const way = { ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowUp: [0, -size], ArrowDown: [0, size] }[event.key];
  if (way) shift(way);
  else if (event.key === 'Enter' || event.key === ' ') put(map.containerPointToLatLng(cross), event.altKey);
  else if (event.key === 'Backspace') back();
  else if (event.key === 'Escape') end();
  else if (event.key === '+' || event.key === '=') map.zoomIn();
  else if (event.key === '-') map.zoomOut();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function back() {
  const last = fresh ? null : state.model?.exterior.at(-1);
  if (!last) return;
  const { number } = state.model.points[last];
  change(remove(state.model, last));
  say(t('editor.removed', { n: number }));
}

/** The crosshair moves; at the edge of the view the map moves under it. */
function shift([dx, dy]) {
  const size = map.getSize();
  cross = cross.add([dx, dy]);
  const over = L.point(cross.x < EDGE_PX ? -200 : cross.x > size.x - EDGE_PX ? 200 : 0, cross.y < EDGE_PX ? -200 : cross.y > size.y - EDGE_PX ? 200 : 0);
  if (over.x || over.y) { map.panBy(over, { animate: false }); cross = cross.subtract(over); }
  place();
  stretch(map.containerPointToLatLng(cross));
}

function place() {
  const mark = byId('cross');
  mark.hidden = false;
  mark.style.left = `${cross.x}px`;
  mark.style.top = `${cross.y}px`;
}

/** A thin line from the last point to where the next one would be. */
function stretch(latlng) {
  band?.remove();
  band = null;
  const last = drawing && !fresh ? state.model?.points[state.model.exterior.at(-1)] : null;
  if (latlng && last) band = L.polyline([latLng([last.lon, last.lat]), latlng], { pane: 'draft', interactive: false, className: 'band' }).addTo(groups.draft);
}
