// What is shown: states and layers of units with their counts in view, zones layer by layer, sites by state.

import { byId, fill, h, swatch } from '../dom.js';
import { t } from '../texts.js';
import { away, awaySites, showSites, showZones } from './chart.js';
import { listen, tell, view } from './view.js';

// What zones do, the strictest first; a layer whose zones do different things shows the line of each.
export const EFFECTS = ['forbid', 'restrict', 'consult', 'inform', 'none'];

/** Listens to the boxes; a change asks anew. */
export function start() {
  document.querySelectorAll('[data-swatch]').forEach((mark) => fill(mark, swatch(mark.dataset.swatch)));
  byId('panel').addEventListener('change', (event) => {
    if (['state', 'layer'].includes(event.target.name)) tell('shown');
    if (event.target.name === 'site') { awaySites[event.target.checked ? 'delete' : 'add'](event.target.value); showSites(); }
  });
  byId('panel-open').addEventListener('click', (event) => {
    const isOpen = byId('panel').classList.toggle('open');
    event.currentTarget.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) byId('panel').querySelector('input').focus();
  });
  listen((what) => { if (what === 'units') { counts(); zones(); sites(); } });
}

function counts() {
  const told = { ...view.units.counts?.states, ...view.units.counts?.layers };
  document.querySelectorAll('[data-count]').forEach((cell) => { cell.textContent = (told[cell.dataset.count] ?? 0).toLocaleString('en-US'); });
}

function sites() {
  document.querySelectorAll('[data-sites]').forEach((cell) => { cell.textContent = String(view.sites.filter((feature) => feature.properties.site === cell.dataset.sites).length); });
}

/** One line for each layer in view, with the number of its zones; it keeps its place while it has the focus. */
function zones() {
  const byLayer = new Map();
  for (const { properties } of view.zones) {
    const known = byLayer.get(properties.layer_code) ?? { name: properties.layer, effects: new Set(), n: 0 };
    known.effects.add(properties.effect);
    byLayer.set(properties.layer_code, { ...known, n: known.n + 1 });
  }
  const focused = document.activeElement?.dataset?.zoneLayer;
  const lines = [...byLayer].map(([code, { name, effects, n }]) => h('label', { class: 'ly' },
    h('input', { type: 'checkbox', checked: !away.has(code), 'data-zone-layer': code, onchange: (event) => { if (event.target.checked) away.delete(code); else away.add(code); showZones(); } }),
    h('span', { class: 'k' }, EFFECTS.filter((effect) => effects.has(effect)).map((effect) => swatch(`zone-${effect}`))), h('span', { class: 'gr' }, name), h('em', {}, String(n))));
  fill(byId('zone-layers'), lines.length ? lines : h('p', { class: 'sm mut' }, t('portal.planner.zones.none')));
  if (focused) byId('zone-layers').querySelector(`[data-zone-layer="${CSS.escape(focused)}"]`)?.focus();
}
