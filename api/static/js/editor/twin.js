// The map as a list: every right and public zone in view, for readers, keyboards and print.

import { byId, fill, glyph, h } from '../dom.js';
import { hectares, layers, t } from '../texts.js';
import { inView, map, rightState } from './chart.js';

export function start() {
  byId('twin-open').addEventListener('click', open);
  byId('twin-close').addEventListener('click', close);
  byId('twin').addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  map.on('moveend', () => { if (!byId('twin').hidden) show(); });
}

function open() {
  byId('twin').hidden = false;
  byId('twin-open').setAttribute('aria-expanded', 'true');
  show();
  byId('twin-title').focus();
}

function close() {
  byId('twin').hidden = true;
  byId('twin-open').setAttribute('aria-expanded', 'false');
  byId('twin-open').focus();
}

function go(feature) {
  close();
  map.fitBounds(L.geoJSON(feature).getBounds().pad(1), { maxZoom: 16 });
}

function table(heads, rows, empty) {
  if (!rows.length) return h('p', { class: 'hint block' }, empty);
  return h('table', {}, h('thead', {}, h('tr', {}, heads.map((head, order) => h('th', { scope: 'col', class: order === 5 ? 'n' : null }, head)))), h('tbody', {}, rows));
}

function show() {
  const rights = inView.rights.map((feature) => {
    const p = feature.properties;
    return h('tr', {}, h('td', {}, h('button', { type: 'button', class: 'btn g s', onclick: () => go(feature) }, p.code)), h('td', {}, t(`page.right.${rightState(p)}`)), h('td', {}, p.mode_label), h('td', {}, h('span', { class: 'row' }, glyph(p.layers), layers(p.layers))), h('td', {}, t('page.fact.dates.value', { from: p.from ?? t('page.fact.open'), to: p.to ?? t('page.fact.open') })), h('td', { class: 'n' }, hectares(p.area_ha)));
  });
  const zones = inView.zones.map((feature) => h('tr', {}, h('td', {}, h('button', { type: 'button', class: 'btn g s', onclick: () => go(feature) }, feature.properties.name)), h('td', {}, feature.properties.layer), h('td', {}, t(`page.effect.${feature.properties.effect}`))));
  fill(byId('twin').querySelector('.body'),
    table(['code', 'state', 'mode', 'layers', 'dates', 'area'].map((name) => t(`page.twin.${name}`)), rights, t('page.twin.none')),
    h('h3', { class: 'block' }, t('page.twin.zones')), table(['zone', 'layer', 'effect'].map((name) => t(`page.twin.${name}`)), zones, t('page.twin.none')));
}
