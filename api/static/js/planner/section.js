// The section A–A′ (interface guide §6): a line through what is selected, and below it which unit takes which layer from where to where.
// Upward it is a sketch: layers are told, heights mostly not. Whether two meet is judged by the check alone, not here.

import { glyph, h } from '../dom.js';
import { boot, layers as layerNames, t } from '../texts.js';
import { map } from './chart.js';
import { tell, view } from './view.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDE = 288;
// Room for the names of the layers.
const GUTTER = { zh: 34, en: 84 }[boot.lang];
const BANDS = { surface: [22, 36], water_column: [36, 78], seabed: [78, 98], subsoil: [98, 126] };
const FOOT = 126;
// A line goes so much beyond what is selected; more units than that would be a list nobody reads.
const BEYOND = 0.3;
const MOST = 12;
const NUMBER_PX = 12;
// The coordinate that the line runs along, and the one that stays.
const AXES = { we: [0, 1], sn: [1, 0] };
let axis = 'we';
const drawn = L.layerGroup();

/** The card beside the map for the units selected, and its line on the map; null and no line where none is. */
export function section() {
  drawn.clearLayers();
  const chosen = view.units.features.filter((feature) => view.chosen.has(feature.id));
  if (!chosen.length) return null;
  const line = lineThrough(L.geoJSON({ type: 'FeatureCollection', features: chosen }).getBounds());
  drawLine(line);
  const cuts = view.units.features.flatMap((feature) => cut(feature, line)).sort((a, b) => a.from - b.from);
  return h('section', { class: 'card unit-card', 'aria-labelledby': 'section-title' },
    h('div', { class: 'row sp' }, h('h3', { id: 'section-title' }, t('portal.planner.section')), directions()),
    cuts.length ? [picture(line, cuts), list(cuts)] : h('p', { class: 'sm mut' }, t('portal.planner.section.none')),
    h('p', { class: 'xs mut' }, t('portal.planner.section.note')));
}

function directions() {
  const button = (name) => h('button', { type: 'button', 'data-axis': name, 'aria-pressed': String(axis === name), onclick: () => { axis = name; tell('chosen'); document.querySelector(`[data-axis=${name}]`)?.focus(); } }, t(`portal.planner.section.${name}`));
  return h('span', { class: 'seg', role: 'group', 'aria-label': t('portal.planner.section.axis') }, Object.keys(AXES).map(button));
}

function lineThrough(bounds) {
  const [low, high] = [[bounds.getWest(), bounds.getSouth()], [bounds.getEast(), bounds.getNorth()]];
  const [along, across] = AXES[axis];
  const air = (high[along] - low[along]) * BEYOND;
  const place = (value) => { const at = []; at[along] = value; at[across] = (low[across] + high[across]) / 2; return L.latLng(at[1], at[0]); };
  const [from, to] = [low[along] - air, high[along] + air];
  const [start, end] = [place(from), place(to)];
  return { from, to, across: (low[across] + high[across]) / 2, start, end, metres: map.distance(start, end) };
}

function drawLine({ start, end }) {
  const letter = (at, words) => L.marker(at, { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'section-letter', html: h('b', {}, words), iconSize: [0, 0] }) });
  for (const each of [L.polyline([start, end], { pane: 'rubber', interactive: false, className: 'section-line' }), letter(start, 'A'), letter(end, 'A′')]) drawn.addLayer(each);
  drawn.addTo(map);
}

/** Where the line lies inside a unit: pieces in metres from A. */
function cut(feature, { from, to, across: level, metres }) {
  const [along, across] = AXES[axis];
  const rings = { Polygon: feature.geometry.coordinates, MultiPolygon: feature.geometry.coordinates.flat() }[feature.geometry.type] ?? [];
  const met = rings.flatMap((ring) => ring.slice(1).flatMap((b, order) => {
    const a = ring[order];
    if (a[across] > level === b[across] > level) return [];
    return [a[along] + ((level - a[across]) / (b[across] - a[across])) * (b[along] - a[along])];
  })).sort((a, b) => a - b);
  const place = (value) => Math.round(((Math.min(to, Math.max(from, value)) - from) / (to - from)) * metres);
  const pieces = [];
  for (let i = 0; i + 1 < met.length; i += 2) if (met[i + 1] > from && met[i] < to) pieces.push({ feature, from: place(met[i]), to: place(met[i + 1]) });
  return pieces;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const middle = (layer) => (BANDS[layer][0] + BANDS[layer][1]) / 2;

function picture(line, cuts) {
  const x = (metres) => GUTTER + (metres / line.metres) * (WIDE - GUTTER);
  const wave = Array.from({ length: Math.ceil((WIDE - GUTTER) / 24) }, () => 'q6 -4 12 0t12 0').join('');
  const bodies = cuts.flatMap(({ feature: { properties: p }, from, to }) => p.layers.map((name) => svg('rect', { class: `sec-${name} ${p.state}`, x: x(from), y: BANDS[name][0], width: Math.max(1.5, x(to) - x(from)), height: BANDS[name][1] - BANDS[name][0] })));
  const numbers = cuts.slice(0, MOST).filter(({ from, to }) => x(to) - x(from) >= NUMBER_PX).map((each) => svg('text', { x: (x(each.from) + x(each.to)) / 2, y: middle(each.feature.properties.layers.at(-1)) + 4, 'text-anchor': 'middle', class: 'sec-n' }, String(cuts.indexOf(each) + 1)));
  const names = Object.keys(BANDS).map((name) => svg('text', { x: GUTTER - 6, y: middle(name) + 4, 'text-anchor': 'end' }, t(`page.layer.${name}`)));
  return svg('svg', { class: 'profile', viewBox: `0 0 ${WIDE} ${FOOT + 20}`, role: 'img', 'aria-label': t('portal.planner.section.picture', { n: Math.round(line.metres).toLocaleString('en-US'), units: cuts.length }) },
    svg('rect', { class: 'sec-sea', x: GUTTER, y: BANDS.surface[0], width: WIDE - GUTTER, height: BANDS.seabed[0] - BANDS.surface[0] }),
    svg('rect', { class: 'sec-ground', x: GUTTER, y: BANDS.seabed[0], width: WIDE - GUTTER, height: FOOT - BANDS.seabed[0] }),
    ...bodies, svg('path', { class: 'sec-wave', d: `M${GUTTER} ${BANDS.surface[0]}${wave}` }), svg('path', { class: 'sec-bed', d: `M${GUTTER} ${BANDS.seabed[0]}H${WIDE}` }),
    ...names, ...numbers, svg('text', { x: GUTTER, y: FOOT + 15, class: 'sec-n' }, 'A'), svg('text', { x: WIDE, y: FOOT + 15, 'text-anchor': 'end', class: 'sec-n' }, 'A′'),
    svg('text', { x: (GUTTER + WIDE) / 2, y: FOOT + 15, 'text-anchor': 'middle' }, t('portal.planner.section.long', { n: Math.round(line.metres).toLocaleString('en-US') })));
}

/** The twin of the picture: what lies where, in words. */
function list(cuts) {
  const row = ({ feature: { properties: p }, from, to }) => h('li', {}, h('span', {}, p.name ?? p.code),
    h('span', { class: 'xs mut piece' }, glyph(p.layers), ' ', !p.layered && p.layers.length === Object.keys(BANDS).length ? t('portal.planner.section.unlayered') : layerNames(p.layers), ' · ', h('span', { class: 'nw' }, t('portal.planner.section.piece', { from: from.toLocaleString('en-US'), to: to.toLocaleString('en-US') }))));
  return [h('ol', { class: 'sec-list' }, cuts.slice(0, MOST).map(row)), cuts.length > MOST ? h('p', { class: 'xs mut' }, t('portal.planner.section.more', { n: cuts.length - MOST })) : null];
}
