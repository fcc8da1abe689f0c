// Beside the map: how many, how much, when it ends; one unit, zone or site that was opened; the list that is the map's twin; files.

import { byId, fill, glyph, h, swatch } from '../dom.js';
import { boot, hectares, layers as layerNames, t } from '../texts.js';
import { map, mark } from './chart.js';
import { section } from './section.js';
import { listen, nothingShown, question, subjects, tell, view } from './view.js';

const SWATCH = { registered: 'right' };
const COLUMNS = ['code', 'name', 'state', 'mode_label', 'area_ha', 'layers', 'from', 'to'];
const plain = (n) => n.toLocaleString('en-US');
const tenths = (n) => n.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Keeps figures, list and the addresses of files with what is in view and selected. */
export function start() {
  byId('twin-open').addEventListener('click', () => twin(true));
  byId('twin-close').addEventListener('click', () => twin(false));
  byId('twin').addEventListener('keydown', (event) => { if (event.key === 'Escape') twin(false); });
  listen((what) => {
    if (what === 'units') view.chosen = new Set([...view.chosen].filter((id) => view.units.features.some((feature) => feature.id === id)));
    if (what === 'units' || what === 'chosen') { mark(); figures(); list(); files(); }
  });
}

function files() {
  // Nothing is shown and so nothing is a file; asked without a state the server would give all of them.
  if (nothingShown()) {
    document.querySelectorAll('[data-export]').forEach((link) => { link.removeAttribute('href'); link.setAttribute('aria-disabled', 'true'); });
    return;
  }
  const asked = question(map.getBounds());
  if (view.chosen.size) asked.set('ids', [...view.chosen].join(','));
  asked.set('lang', boot.lang);
  document.querySelectorAll('[data-export]').forEach((link) => { asked.set('form', link.dataset.export); link.removeAttribute('aria-disabled'); link.href = `${boot.api}/planning/export?${asked}`; });
}

function figures() {
  const cells = view.units.kind === 'cells';
  const chosen = view.chosen.size > 0;
  const told = cells ? [] : subjects();
  const n = cells ? view.units.shown : told.length;
  byId('side-title').textContent = t(chosen ? 'portal.planner.side.chosen' : 'portal.planner.side.view', { n: plain(n) });
  const opened = view.opened ? card(view.opened) : null;
  const profile = section();
  if (!n) { fill(byId('side-body'), opened, empty()); return; }
  if (cells) { fill(byId('side-body'), opened, h('p', { class: 'note' }, t('portal.planner.side.cells'))); return; }
  const area = told.reduce((sum, feature) => sum + Number(feature.properties.area_ha ?? 0), 0);
  const soon = told.filter((feature) => feature.properties.state === 'expiring').length;
  const figure = (value, name) => h('div', {}, h('b', {}, value), h('span', { class: 'xs mut' }, t(`portal.planner.side.${name}`)));
  fill(byId('side-body'), opened,
    h('div', { class: 'big' }, figure(plain(n), 'count'), figure(tenths(area), 'hectares'), figure(plain(soon), 'soon')),
    chosen ? h('button', { class: 'btn s', type: 'button', onclick: () => { view.chosen = new Set(); view.opened = null; tell('chosen'); } }, t('portal.planner.side.clear')) : null,
    profile, ends(told));
}

const empty = () => h('div', { class: 'empty' }, h('p', { class: 'b' }, t('portal.planner.side.none')), h('p', { class: 'sm mut' }, t('portal.planner.side.none.hint')));

/** Hectares by the year in which they end, seen from the day of the map: past, the next five years, later, open. */
function ends(told) {
  const first = Number(view.day.slice(0, 4));
  const sums = new Map();
  for (const { properties: p } of told) {
    const year = p.to ? Number(p.to.slice(0, 4)) : Infinity;
    const key = p.to && p.to < view.day ? 'past' : year === Infinity ? 'open' : year > first + 5 ? 'later' : String(year);
    sums.set(key, (sums.get(key) ?? 0) + Number(p.area_ha ?? 0));
  }
  const most = Math.max(...sums.values(), 0.0001);
  const order = ['past', ...Array.from({ length: 6 }, (_, n) => String(first + n)), 'later', 'open'].filter((key) => sums.has(key));
  const name = (key) => (key === 'past' ? t('portal.planner.ends.past') : key === 'open' ? t('portal.planner.ends.open') : key === 'later' ? t('portal.planner.ends.later', { year: first + 6 }) : key);
  return h('section', { class: 'card unit-card' }, h('div', { class: 'row sp' }, h('h3', {}, t('portal.planner.ends')), h('span', { class: 'xs dim' }, t('portal.planner.side.hectares'))),
    order.map((key) => {
      const bar = h('i', { class: key === 'past' ? 'past' : key === String(first) || (key === String(first + 1) && view.day.slice(5) > '06-30') ? 'soon' : null });
      bar.style.width = `${(sums.get(key) / most) * 100}%`;
      return h('div', { class: 'ends' }, h('span', {}, name(key)), h('span', {}, bar), h('span', {}, tenths(sums.get(key))));
    }));
}

const fact = (name, ...value) => [h('dt', {}, t(`portal.planner.unit.${name}`)), h('dd', {}, ...value)];

function card(feature) {
  const p = feature.properties;
  if (p.kind) {
    return h('section', { class: 'card unit-card' }, h('h3', {}, p.name), h('p', { class: 'row' }, p.site ? swatch(`site-${p.site}`) : null, t(`portal.planner.site.${p.site ?? 'park'}`)),
      p.park ? h('p', { class: 'sm mut' }, p.park) : null, doubt(p.mark));
  }
  if (!p.state) {
    return h('section', { class: 'card unit-card' }, h('h3', {}, p.name), h('p', { class: 'sm' }, t(`page.effect.${p.effect}`)),
      h('p', { class: 'sm mut' }, `${p.layer} · ${t('portal.planner.zone.version', { n: p.version })}`), p.cite ? h('p', { class: 'sm mut' }, p.cite) : null,
      p.disclosure === 'public' ? null : h('p', { class: 'sm mut' }, t('portal.planner.zone.hidden')), doubt(p.mark));
  }
  const way = p.case && p.state === 'pending' ? (boot.cases ? [`/cases/${encodeURIComponent(p.case)}`, 'case'] : null) : p.code.startsWith('#') ? null : [`/register/${encodeURIComponent(p.code)}`, 'see'];
  return h('section', { class: 'card unit-card' }, h('h3', {}, p.name ?? p.code), h('p', { class: 'sm mut' }, h('span', { class: 'code' }, p.code), ' ', doubt(p.mark)),
    h('p', { class: 'row' }, swatch(SWATCH[p.state] ?? p.state), t(`portal.planner.state.${p.state}`)),
    h('dl', { class: 'facts' }, fact('use', p.mode_label), p.area_ha ? fact('area', hectares(p.area_ha)) : null, fact('layers', glyph(p.layers), ' ', layerNames(p.layers)), fact('days', `${p.from ?? '…'} – ${p.to ?? '…'}`)),
    way ? h('a', { class: 'btn s', href: way[0] }, t(`portal.planner.unit.${way[1]}`)) : null);
}

const doubt = (name) => (name ? h('span', { class: `src ${name}` }, t(`page.mark_of.${name}`)) : null);

/** Puts the list over the map, or the map back. */
export function twin(isOpen) {
  byId('twin').hidden = !isOpen;
  byId('twin-open').setAttribute('aria-expanded', String(isOpen));
  list();
  (isOpen ? byId('twin-title') : byId('twin-open')).focus();
}

function list() {
  if (byId('twin').hidden) return;
  if (view.units.kind === 'cells' || !view.units.features.length) {
    fill(byId('twin-body'), view.units.kind === 'cells' ? h('p', { class: 'note' }, t('portal.planner.side.cells')) : empty());
    return;
  }
  const focused = document.activeElement?.dataset?.unit;
  const head = h('tr', {}, h('th', { scope: 'col' }, t('portal.planner.list.chosen')), COLUMNS.map((name) => h('th', { scope: 'col', class: name === 'area_ha' ? 'n' : null }, t(`portal.planner.column.${name}`))));
  fill(byId('twin-body'), h('table', {}, h('thead', {}, head), h('tbody', {}, view.units.features.map(row))));
  if (focused) byId('twin-body').querySelector(`[data-unit="${CSS.escape(focused)}"]`)?.focus();
}

function row(feature) {
  const p = feature.properties;
  const choose = (event) => { if (event.target.checked) view.chosen.add(feature.id); else view.chosen.delete(feature.id); view.opened = null; tell('chosen'); };
  const way = p.case && p.state === 'pending' ? (boot.cases ? `/cases/${encodeURIComponent(p.case)}` : null) : p.code.startsWith('#') ? null : `/register/${encodeURIComponent(p.code)}`;
  return h('tr', { class: view.chosen.has(feature.id) ? 'on' : null },
    h('td', {}, h('input', { type: 'checkbox', checked: view.chosen.has(feature.id), 'data-unit': feature.id, 'aria-label': t('portal.planner.list.choose', { code: p.code }), onchange: choose })),
    h('td', {}, way ? h('a', { href: way, class: 'code' }, p.code) : h('span', { class: 'code' }, p.code)), h('td', {}, p.name ?? '–', ' ', doubt(p.mark)),
    h('td', {}, t(`portal.planner.state.${p.state}`)), h('td', {}, p.mode_label), h('td', { class: 'n' }, p.area_ha ?? '–'),
    h('td', {}, glyph(p.layers), ' ', layerNames(p.layers)), h('td', {}, p.from ?? '…'), h('td', {}, p.to ?? '…'));
}
