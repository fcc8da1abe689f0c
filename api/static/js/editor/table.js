// The coordinate table: the map's twin, in which every cell can be typed. Rows in ring order with the numbers that came with them;
// the first repeats at the end in grey. On a number: arrows move the point, Insert adds one after it, Delete removes it.

import { byId, fill, h, icon } from '../dom.js';
import { on, set, state } from '../state.js';
import { decimal, dms, hectares, layers, metres, say, t } from '../texts.js';
import * as drawing from './drawing.js';
import { change, undo } from './history.js';
import { inOrder, insertAfter, isClosed, move, remove, renumber } from './model.js';
import { parse } from './notation.js';
import { done } from './words.js';

const STEP = 200;
// On the spheroid, near enough for a key press: metres of a millisecond of arc of latitude.
const MS_METRES = 0.03092;
let notation = 'dms';
let shown = STEP;
const write = (ms) => (notation === 'dms' ? dms(ms) : decimal(ms));

/** Listens for models, answers and selections. */
export function start() {
  on('model', (model) => { if (!model.moving) show(model); else live(model); });
  on('draft', settled);
  on('faults', () => show(state.model));
  on('selected', choose);
  for (const button of document.querySelectorAll('[data-notation]')) button.addEventListener('click', () => turn(button));
  byId('renumber').addEventListener('click', () => { change(renumber(state.model)); done('editor.renumbered'); });
  byId('points-block').querySelector('tbody').addEventListener('keydown', press);
}

function turn(button) {
  notation = button.dataset.notation;
  for (const other of document.querySelectorAll('[data-notation]')) other.setAttribute('aria-pressed', String(other === button));
  show(state.model);
}

function cell(point, axis) {
  const north = axis === 'lat';
  const field = h('input', { class: 'cell', value: write(point[axis]), 'data-id': point.id, 'data-axis': axis, size: notation === 'dms' ? 15 : 12, spellcheck: 'false', autocomplete: 'off', 'aria-label': t(north ? 'editor.cell.north' : 'editor.cell.east', { n: point.number }), readonly: state.readonly });
  field.addEventListener('focus', () => set('selected', point.id));
  field.addEventListener('change', () => typed(field, point, axis));
  return h('td', {}, field);
}

function typed(field, point, axis) {
  const read = parse(field.value, axis === 'lat' ? 90 : 180);
  if (read.fault) {
    field.setAttribute('aria-invalid', 'true');
    const words = t(read.fault, { n: point.number, ...read });
    byId('cell-fault').hidden = false;
    byId('cell-fault').lastElementChild.textContent = words;
    say(words);
    return;
  }
  byId('cell-fault').hidden = true;
  const now = state.model.points[point.id];
  change(move(state.model, point.id, axis === 'lon' ? read.ms : now.lon, axis === 'lat' ? read.ms : now.lat));
}

function row(point, edge, again) {
  if (again) return h('tr', { class: 'again' }, h('td', { class: 'n' }, String(point.number)), h('td', {}, write(point.lat)), h('td', {}, write(point.lon)), h('td', {}));
  const fault = (state.faults ?? []).find((each) => each.id === point.id);
  const number = h('button', { type: 'button', class: 'pt', 'data-id': point.id, 'aria-label': t('editor.point', { n: point.number }), 'aria-describedby': 'point-keys', onclick: () => set('selected', point.id) }, String(point.number));
  return h('tr', { 'data-row-id': point.id, class: fault ? 'fault' : null }, h('td', { class: 'n' }, fault ? icon('conflict', 's') : null, number), cell(point, 'lat'), cell(point, 'lon'), h('td', { class: 'n' }, edge ?? ''));
}

function show(model) {
  const focus = held();
  const points = model ? inOrder(model) : [];
  byId('points-block').hidden = !points.length;
  byId('empty-draw').hidden = points.length > 0;
  byId('points-count').textContent = String(points.length);
  const edges = new Map((state.draft?.points ?? []).map((point) => [`${point.lon_ms},${point.lat_ms}`, point.edge_m]));
  const rows = points.slice(0, shown).map((point) => row(point, edgeOf(edges, point), false));
  const rest = points.length - rows.length;
  if (rest > 0) rows.push(h('tr', {}, h('td', { colspan: 4 }, h('button', { type: 'button', class: 'btn s', onclick: more }, t('page.points.more', { n: rest })))));
  else if (points.length > 2) rows.push(row(points[0], null, true));
  fill(byId('points-block').querySelector('tbody'), rows);
  byId('renumber').hidden = state.readonly || points.every((point, order) => point.number === order + 1);
  choose(state.selected);
  back(focus);
}

function edgeOf(edges, point) {
  const edge = edges.get(`${point.lon},${point.lat}`);
  return edge === undefined || edge === null ? '' : Number(edge).toFixed(2);
}

/** While a point is dragged only its own figures change. */
function live(model) {
  const point = model.points[state.selected];
  for (const field of document.querySelectorAll(`.cell[data-id="${state.selected}"]`)) field.value = write(point[field.dataset.axis]);
}

function more() { shown += STEP; show(state.model); }

/** The focus survives a new drawing of the rows. */
function held() {
  const at = document.activeElement;
  return at?.dataset?.id && at.closest('#points-block') ? { id: at.dataset.id, axis: at.dataset.axis } : null;
}

function back(focus) {
  if (!focus) return;
  const again = focus.axis ? `.cell[data-id="${focus.id}"][data-axis="${focus.axis}"]` : `.pt[data-id="${focus.id}"]`;
  document.querySelector(again)?.focus({ preventScroll: true });
}

function choose(id) {
  for (const line of document.querySelectorAll('#points-block tr[data-row-id]')) line.classList.toggle('sel', line.dataset.rowId === id);
}

function press(event) {
  const { id, axis } = event.target.dataset ?? {};
  if (!id || state.readonly) return;
  if (axis) { if (event.key === 'Enter') { event.preventDefault(); event.target.blur(); next(id, axis, event.shiftKey ? -1 : 1); } return; }
  const metre = event.shiftKey ? 1 : 0.1;
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (way) { event.preventDefault(); nudge(id, way, metre); }
  else if (event.key === 'Insert') { event.preventDefault(); add(id); }
  else if (event.key === 'Delete' || event.key === 'Backspace') { event.preventDefault(); drop(id); }
}

function nudge(id, [east, north], metre) {
  const point = state.model.points[id];
  const lat = MS_METRES;
  const lon = lat * Math.cos((point.lat / 3600000) * Math.PI / 180);
  change(move(state.model, id, point.lon + Math.round((east * metre) / lon), point.lat + Math.round((north * metre) / lat)));
}

/** A point in the middle of the edge that follows. */
export function add(id) {
  const ring = state.model.exterior.includes(id) ? state.model.exterior : inOrder(state.model).map((point) => point.id);
  const [a, b] = [state.model.points[id], state.model.points[ring[(ring.indexOf(id) + 1) % ring.length]]];
  change(insertAfter(state.model, id, Math.round((a.lon + b.lon) / 2), Math.round((a.lat + b.lat) / 2)));
  done('editor.added');
}

/** A point less, which can be undone. */
export function drop(id) {
  const number = state.model.points[id].number;
  const ids = inOrder(state.model).map((point) => point.id);
  const beside = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1];
  change(remove(state.model, id));
  done('editor.removed', { n: number });
  document.querySelector(`.pt[data-id="${beside}"]`)?.focus();
}

function next(id, axis, step) {
  const fields = [...document.querySelectorAll(`.cell[data-axis="${axis}"]`)];
  const at = fields.findIndex((field) => field.dataset.id === id);
  (fields[at + step] ?? fields[at]).focus();
}

/** What the server settled: edges, area, health, fingerprint. */
function settled(draft) {
  const known = Boolean(draft);
  byId('sums').hidden = !known;
  byId('plane').hidden = !known;
  byId('health').hidden = !known && !state.faults?.length;
  byId('foot-area').textContent = draft ? hectares(draft.area_ha) : '–';
  if (!draft) return;
  show(state.model);
  byId('sum-area').textContent = hectares(draft.area_ha);
  byId('plane').textContent = t('page.plane', { meridian: meridian(draft.central_meridian) });
  fill(byId('health'), h('div', { class: 'row sp' }, h('span', { class: 'b sm' }, t('page.health')), h('span', { class: 'xs ok row' }, icon('clear', 's'), t('page.health.ok'))),
    h('p', { class: 'xs mut' }, t('page.health.what', { units: draft.units.length })),
    h('p', { class: 'xs dim' }, t('page.health.hash'), ' ', h('span', { title: draft.hash }, `${draft.hash.slice(0, 4)} ${draft.hash.slice(4, 8)} … ${draft.hash.slice(-4)}`.toUpperCase())));
}

/** The layers of the form under the table, with their glyph. */
export function showLayers() {
  const names = [...document.querySelectorAll('input[name="layers"]:checked')].map((box) => box.value);
  byId('sum-layers').textContent = names.length ? layers(names) : t('page.layer.all');
}

/** Shoreline that the parcel occupies, from the report. */
export function showShore(report) {
  const found = report.findings.find((finding) => finding.code.startsWith('shoreline.') && finding.facts?.length_m);
  byId('sum-shore').textContent = metres(found ? found.facts.length_m : 0);
}

function meridian(text) {
  const value = Number(text);
  return `${Math.floor(value)}°${String(Math.round((value % 1) * 60)).padStart(2, '0')}′E`;
}

export { drawing, isClosed, undo };
