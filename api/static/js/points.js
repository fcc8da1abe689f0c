// The coordinate table: the map's twin. Rows in ring order with the numbers that came with them; the first repeats at the end in grey.

import { byId, fill, h, icon } from './dom.js';
import { on, set, state } from './state.js';
import { decimal, dms, hectares, layers, t } from './texts.js';

const STEP = 500;
let notation = 'dms';
let shown = STEP;
const write = (ms) => (notation === 'dms' ? dms(ms) : decimal(ms));

/** Listens for drafts and selections; arrow keys walk through the points. */
export function start() {
  on('draft', (draft) => { shown = STEP; show(draft); });
  on('selected', (index) => {
    byId('points-block').querySelectorAll('tbody tr').forEach((row, order) => row.classList.toggle('sel', order === index));
  });
  for (const button of document.querySelectorAll('[data-notation]')) {
    button.addEventListener('click', () => {
      notation = button.dataset.notation;
      for (const other of document.querySelectorAll('[data-notation]')) other.setAttribute('aria-pressed', String(other === button));
      show(state.draft);
    });
  }
  byId('points-block').querySelector('tbody').addEventListener('keydown', walk);
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...byId('points-block').querySelectorAll('.pt')];
  const next = buttons[buttons.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function row(point, index, again) {
  const cells = [h('td', {}, write(point.lat_ms)), h('td', {}, write(point.lon_ms)), h('td', { class: 'n' }, again || point.edge_m === null ? '' : Number(point.edge_m).toFixed(2))];
  if (again) return h('tr', { class: 'again' }, h('td', { class: 'n' }, String(point.number)), cells);
  const choose = () => set('selected', index);
  return h('tr', { onclick: choose }, h('td', { class: 'n' }, h('button', { type: 'button', class: 'pt', 'aria-label': t('page.points.show', { n: point.number }) }, String(point.number))), cells);
}

function show(draft) {
  byId('points-block').hidden = !draft;
  byId('sums').hidden = !draft;
  byId('plane').hidden = !draft;
  byId('foot-area').textContent = draft ? hectares(draft.area_ha) : '–';
  if (!draft) return;
  // Thousands of rows would hold up the page: they come in steps, and the reader says when.
  const rows = draft.points.slice(0, shown).map((point, index) => row(point, index, false));
  const rest = draft.points.length - rows.length;
  if (rest > 0) rows.push(h('tr', {}, h('td', { colspan: 4 }, h('button', { type: 'button', class: 'btn s', id: 'more-points', onclick: more }, t('page.points.more', { n: rest })))));
  else if (rows.length) rows.push(row(draft.points[0], 0, true));
  fill(byId('points-block').querySelector('tbody'), rows);
  byId('points-count').textContent = String(draft.points.length);
  fill(byId('health'),
    h('div', { class: 'row sp' }, h('span', { class: 'b sm' }, t('page.health')), h('span', { class: 'xs ok row' }, icon('clear', 's'), t('page.health.ok'))),
    h('p', { class: 'xs mut' }, t('page.health.what', { units: draft.units.length })),
    h('p', { class: 'xs dim' }, t('page.health.hash'), ' ', h('span', { title: draft.hash }, fingerprint(draft.hash))));
  byId('sum-area').textContent = hectares(draft.area_ha);
  byId('plane').textContent = t('page.plane', { meridian: meridian(draft.central_meridian) });
  showLayers();
}

function more() {
  const first = shown;
  shown += STEP;
  show(state.draft);
  byId('points-block').querySelectorAll('.pt')[first]?.focus();
}

/** The layers of the form under the table, with their glyph. */
export function showLayers() {
  const names = [...document.querySelectorAll('input[name="layers"]:checked')].map((box) => box.value);
  byId('sum-layers').textContent = names.length ? layers(names) : t('page.layer.all');
}

const fingerprint = (hash) => `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}`.toUpperCase();

function meridian(text) {
  const value = Number(text);
  const minutes = Math.round((value % 1) * 60);
  return `${Math.floor(value)}°${String(minutes).padStart(2, '0')}′E`;
}
