// The coordinate table: the map's twin, in which every cell can be typed. Rows in ring order with the numbers that came with them;
// the first repeats at the end in grey. On a number: arrows move the point, Insert adds one after it, Delete removes it. Rows stay
// while their points do, so that an answer that comes back never takes away what somebody is typing.

import { byId, fill, h, icon } from '../dom.js';
import { decimal, dms, say, t } from '../texts.js';
import { change } from './history.js';
import { following, inOrder, insertAfter, isClosed, move, remove, renumber } from './model.js';
import { parse } from './notation.js';
import { on, set, state } from './state.js';
import { done } from './words.js';

const STEP = 200;
// Metres of a millisecond of arc of latitude on the spheroid at Weihai, near enough for a press of a key.
const MS_METRES = 0.03083;
let notation = 'dms';
let shown = STEP;
let drawn = '';
// Edge lengths that the server told, by their two ends: an edge that did not move keeps its figure.
let edges = new Map();
const write = (ms) => (notation === 'dms' ? dms(ms) : decimal(ms));
const body = () => byId('points-block').querySelector('tbody');

/** Listens for models, answers and selections. */
export function start() {
  on('model', show);
  on('draft', measured);
  on('faults', () => show(state.model));
  on('selected', choose);
  for (const button of document.querySelectorAll('[data-notation]')) button.addEventListener('click', () => turn(button));
  byId('renumber').addEventListener('click', () => { change(renumber(state.model)); done('editor.renumbered'); });
  byId('insert').addEventListener('click', () => add(current()));
  byId('remove').addEventListener('click', () => drop(current()));
  body().addEventListener('keydown', press);
}

const current = () => (state.model.points[state.selected] ? state.selected : inOrder(state.model).at(-1).id);

function turn(button) {
  notation = button.dataset.notation;
  for (const other of document.querySelectorAll('[data-notation]')) other.setAttribute('aria-pressed', String(other === button));
  drawn = '';
  show(state.model);
}

function show(model) {
  const points = model ? inOrder(model) : [];
  byId('points-block').hidden = !points.length;
  byId('empty-draw').hidden = points.length > 0;
  byId('points-count').textContent = String(points.length);
  byId('renumber').hidden = state.readonly || points.every((point, order) => point.number === order + 1);
  const signature = [notation, shown, state.readonly, ...points.slice(0, shown).map((point) => `${point.id}/${point.number}`)].join();
  if (signature !== drawn) { drawn = signature; build(points); }
  refresh(model, points);
  choose(state.selected);
}

/** Rows for points that came, went or changed their order; the focus stays where it was. */
function build(points) {
  const at = held();
  const rows = points.slice(0, shown).map(row);
  const rest = points.length - rows.length;
  if (rest > 0) rows.push(h('tr', {}, h('td', { colspan: 4 }, h('button', { type: 'button', class: 'btn s', id: 'more-points', onclick: more }, t('page.points.more', { n: rest, next: Math.min(STEP, rest) })))));
  else if (points.length > 2) rows.push(h('tr', { class: 'again' }, h('td', { class: 'n' }), h('td', {}), h('td', {}), h('td', {})));
  fill(body(), rows);
  if (at) document.querySelector(at)?.focus({ preventScroll: true });
}

function row(point) {
  const number = h('button', { type: 'button', class: 'pt', 'data-id': point.id, 'aria-label': t('editor.point', { n: point.number }), 'aria-describedby': 'point-keys', onclick: () => set('selected', point.id), onfocus: () => set('selected', point.id) }, String(point.number));
  return h('tr', { 'data-row': point.id, onclick: () => set('selected', point.id) }, h('td', { class: 'n' }, h('span', { class: 'flag' }), number), cell(point, 'lat'), cell(point, 'lon'), h('td', { class: 'n edge' }));
}

function cell(point, axis) {
  const field = h('input', { class: 'cell', 'data-id': point.id, 'data-axis': axis, spellcheck: 'false', autocomplete: 'off', inputmode: 'text', 'aria-label': t(`editor.cell.${axis}`, { n: point.number }), readonly: state.readonly });
  field.addEventListener('focus', () => { set('selected', point.id); field.select(); });
  field.addEventListener('change', () => typed(field, point.id, axis));
  // The browser's own undo brings back what was there without telling that anything changed.
  field.addEventListener('input', () => { if (!parse(field.value, axis).fault) settleCell(field); });
  return h('td', {}, field);
}

/** Figures, edges and faults of the rows that stand; a cell in which somebody is typing keeps what is typed. */
function refresh(model, points) {
  const faults = new Map(state.faults.filter((fault) => fault.id).map((fault) => [fault.id, fault]));
  for (const line of body().querySelectorAll('tr[data-row]')) {
    const point = model.points[line.dataset.row];
    for (const field of line.querySelectorAll('.cell')) show1(field, point);
    const edge = edges.get(ends(point, model.points[following(model, point.id)]));
    line.lastElementChild.textContent = edge === undefined || !isClosed(model) ? '' : Number(edge).toFixed(2);
    const fault = faults.get(point.id);
    line.classList.toggle('fault', Boolean(fault));
    fill(line.querySelector('.flag'), fault ? [icon('conflict', 's'), h('span', { class: 'vh' }, fault.text)] : []);
  }
  const again = body().querySelector('.again');
  if (again) [points[0].number, write(points[0].lat), write(points[0].lon)].forEach((value, order) => { again.children[order].textContent = value; });
}

function show1(field, point) {
  const value = write(point[field.dataset.axis]);
  const dirty = field === document.activeElement && field.value !== field.dataset.shown;
  if (dirty || field.getAttribute('aria-invalid') === 'true') return;
  field.value = value;
  field.dataset.shown = value;
}

function typed(field, id, axis) {
  const point = state.model.points[id];
  if (!point) return;
  const read = parse(field.value, axis);
  const wrong = byId('cell-fault');
  if (read.fault) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', 'cell-fault');
    wrong.hidden = false;
    wrong.lastElementChild.textContent = t(`${read.fault}${read.fault.startsWith('angle.') ? '.at_point' : ''}`, { point: point.number, ...read });
    say(wrong.lastElementChild.textContent);
    return;
  }
  settleCell(field);
  const value = write(read.ms);
  if (read.ms === point[axis]) { field.value = value; field.dataset.shown = value; return; }
  field.dataset.shown = field.value;
  change(move(state.model, id, axis === 'lon' ? read.ms : point.lon, axis === 'lat' ? read.ms : point.lat));
}

function settleCell(field) {
  field.removeAttribute('aria-invalid');
  field.removeAttribute('aria-describedby');
  if (!document.querySelector('.cell[aria-invalid=true]')) byId('cell-fault').hidden = true;
}

/** Puts refused cells back to what stands; whether there was any. */
export function forgetRefused() {
  const refused = [...body().querySelectorAll('.cell[aria-invalid=true]')];
  for (const field of refused) {
    settleCell(field);
    field.value = write(state.model.points[field.dataset.id][field.dataset.axis]);
    field.dataset.shown = field.value;
  }
  return refused.length > 0;
}

function more() {
  const first = shown;
  shown += STEP;
  show(state.model);
  body().querySelectorAll('.pt')[first]?.focus();
}

/** Where the focus is, as a selector that finds it again among new rows. */
function held() {
  const at = document.activeElement;
  if (!at?.dataset?.id || !at.closest('#points-block')) return null;
  return at.dataset.axis ? `.cell[data-id="${at.dataset.id}"][data-axis="${at.dataset.axis}"]` : `.pt[data-id="${at.dataset.id}"]`;
}

function choose(id) {
  for (const line of body().querySelectorAll('tr[data-row]')) line.classList.toggle('sel', line.dataset.row === id);
}

function press(event) {
  const { id, axis } = event.target.dataset ?? {};
  if (!id) return;
  if (event.key === 'PageDown' || event.key === 'PageUp') { event.preventDefault(); walk(event.target, event.key === 'PageDown' ? 1 : -1); return; }
  if (state.readonly) return;
  if (axis) { inCell(event, id, axis); return; }
  const metre = event.shiftKey ? 1 : 0.1;
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (way) nudge(id, way, metre);
  else if (event.key === 'Enter') body().querySelector(`.cell[data-id="${id}"]`).focus();
  else if (event.key === 'Insert') add(id);
  else if (event.key === 'Delete' || event.key === 'Backspace') drop(id);
  else return;
  event.preventDefault();
}

function inCell(event, id, axis) {
  const field = event.target;
  if (event.key === 'Enter') {
    event.preventDefault();
    if (field.value !== field.dataset.shown) typed(field, id, axis);
    if (field.getAttribute('aria-invalid') !== 'true') walk(field, event.shiftKey ? -1 : 1);
  } else if (event.key === 'Escape') {
    field.value = write(state.model.points[id][axis]);
    field.dataset.shown = field.value;
    settleCell(field);
    body().querySelector(`.pt[data-id="${id}"]`).focus();
  }
}

/** The same column one row on. */
function walk(from, step) {
  const column = [...body().querySelectorAll(from.dataset.axis ? `.cell[data-axis="${from.dataset.axis}"]` : '.pt')];
  (column[column.indexOf(from) + step] ?? from).focus();
}

function nudge(id, [east, north], metre) {
  const point = state.model.points[id];
  const lon = MS_METRES * Math.cos((point.lat / 3600000) * Math.PI / 180) * (6378137 / 6356752);
  change(move(state.model, id, point.lon + Math.round((east * metre) / lon), point.lat + Math.round((north * metre) / MS_METRES)), { what: `nudge ${id}` });
}

/** A point in the middle of the edge that follows. */
export function add(id) {
  const [a, b] = [state.model.points[id], state.model.points[following(state.model, id)]];
  const made = insertAfter(state.model, id, Math.round((a.lon + b.lon) / 2), Math.round((a.lat + b.lat) / 2));
  const fresh = `p${state.model.next}`;
  change(made);
  set('selected', fresh);
  done('editor.added', { n: made.points[fresh].number });
}

/** A point less, which can be undone. */
export function drop(id) {
  const { number } = state.model.points[id];
  const ids = inOrder(state.model).map((point) => point.id);
  const beside = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1];
  const inTable = body().contains(document.activeElement);
  change(remove(state.model, id));
  set('selected', beside ?? null);
  done('editor.removed', { n: number });
  if (inTable) body().querySelector(`.pt[data-id="${beside}"]`)?.focus();
}

const key = (a, b) => `${a.lon},${a.lat} ${b.lon},${b.lat}`;
const ends = (a, b) => (a && b ? key(a, b) : '');

/** Edge lengths of what the server settled, in both directions: rings may run the other way here. */
function measured(draft) {
  if (!draft) return;
  const lengths = new Map(draft.points.map((point) => [`${point.lon_ms},${point.lat_ms}`, point.edge_m]));
  edges = new Map();
  for (const ring of [draft.exterior, ...draft.holes]) {
    ring.forEach(([lon, lat], order) => {
      const [x, y] = ring[(order + 1) % ring.length];
      const metres = lengths.get(`${lon},${lat}`);
      edges.set(`${lon},${lat} ${x},${y}`, metres).set(`${x},${y} ${lon},${lat}`, metres);
    });
  }
  if (state.model) refresh(state.model, inOrder(state.model));
}
