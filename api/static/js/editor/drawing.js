// Drawing: a click or a press of Enter at the crosshair puts a point, the first point or Esc ends. While one draws the map is an
// application with its own keys; otherwise it is a picture with a table beside it.

import { map } from '../chart.js';
import { byId } from '../dom.js';
import { set, state } from '../state.js';
import { say, t } from '../texts.js';
import { change } from './history.js';
import { append, empty, isClosed, remove } from './model.js';
import { near } from './snapping.js';
import { snapped } from './words.js';

const STEP_PX = 20;
const FINE_PX = 2;
let cross = null;
let drawing = false;

/** Wires the button, the map's clicks and keys. */
export function start() {
  byId('draw').addEventListener('click', () => (drawing ? end() : begin()));
  map.on('click', (event) => { if (drawing) put(event.latlng, event.originalEvent.altKey); });
  map.on('dblclick', () => { if (drawing) end(); });
  map.getContainer().addEventListener('keydown', press, true);
}

function begin() {
  drawing = true;
  // What is drawn replaces what was there; undo brings it back.
  if (state.model?.exterior.length) change({ ...empty(), units: state.model.units.slice(0, 1).map((unit) => ({ ...unit, rings: null })) });
  else change(empty());
  const container = map.getContainer();
  map.doubleClickZoom.disable();
  map.keyboard.disable();
  container.setAttribute('role', 'application');
  container.setAttribute('tabindex', '0');
  container.setAttribute('aria-label', t('editor.draw.map'));
  byId('map-panel').classList.add('drawing');
  byId('draw').setAttribute('aria-pressed', 'true');
  cross = map.getSize().divideBy(2);
  place();
  container.focus();
  say(t('editor.draw.begun'));
}

/** Drawing is over; a ring of fewer than three points stays as it is and the table says what is lacking. */
export function end() {
  if (!drawing) return;
  drawing = false;
  const container = map.getContainer();
  map.doubleClickZoom.enable();
  map.keyboard.enable();
  container.setAttribute('role', 'img');
  container.setAttribute('aria-label', t('page.map.image'));
  byId('map-panel').classList.remove('drawing');
  byId('draw').setAttribute('aria-pressed', 'false');
  byId('cross').hidden = true;
  const closed = state.model && isClosed(state.model);
  set('model', { ...state.model, fit: false });
  say(t(closed ? 'editor.draw.ended' : 'editor.draw.few'));
  (closed ? byId('points-block') : byId('draw')).focus();
}

function put(latlng, free) {
  const found = free ? null : near(map, latlng);
  const [lon, lat] = found ? [found.lon, found.lat] : [Math.round(latlng.lng * 3600000), Math.round(latlng.lat * 3600000)];
  const first = state.model.points[state.model.exterior[0]];
  if (first && first.lon === lon && first.lat === lat) { end(); return; }
  if (first && state.model.exterior.length > 2 && map.latLngToContainerPoint([first.lat / 3600000, first.lon / 3600000]).distanceTo(map.latLngToContainerPoint(latlng)) < 10) { end(); return; }
  change(append(state.model, lon, lat));
  const number = state.model.exterior.length;
  if (found) snapped(number, found.kind);
  else say(t('editor.draw.put', { n: number }));
}

function press(event) {
  if (!drawing || event.target !== map.getContainer()) return;
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
  const last = state.model.exterior.at(-1);
  if (last) change(remove(state.model, last));
}

/** The crosshair moves; at the edge of the view the map moves under it. */
function shift([dx, dy]) {
  const size = map.getSize();
  cross = cross.add([dx, dy]);
  const over = L.point(cross.x < 60 ? -200 : cross.x > size.x - 60 ? 200 : 0, cross.y < 60 ? -200 : cross.y > size.y - 60 ? 200 : 0);
  if (over.x || over.y) { map.panBy(over, { animate: false }); cross = cross.subtract(over); }
  place();
}

function place() {
  const mark = byId('cross');
  mark.hidden = false;
  mark.style.left = `${cross.x}px`;
  mark.style.top = `${cross.y}px`;
}
