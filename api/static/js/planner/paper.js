// The map on a sheet of A4 at a chosen scale: what is seen is what is printed; it is moved under its frame like the map, then printed.

import { byId, fill, h, swatch } from '../dom.js';
import { boot, t } from '../texts.js';
import { away, calm, map, refresh } from './chart.js';
import { EFFECTS } from './panel.js';
import { twin } from './side.js';
import { listen, view } from './view.js';

const SCALES = [2000, 5000, 10000, 25000, 50000, 100000, 250000, 500000];
// CSS counts 96 pixels to an inch, on the screen as on paper.
const METRES_A_PIXEL = 0.0254 / 96;
// CGCS2000: half the greater axis in metres, the square of the first eccentricity.
const [A, E2] = [6378137, 0.00669438002290];
const radians = (degrees) => (degrees * Math.PI) / 180;
let before = null;

/** Metres of one radian on the ellipsoid at a latitude, in the mean of all directions (Gaussian radius of curvature). */
const radius = (latitude) => (A * Math.sqrt(1 - E2)) / (1 - E2 * Math.sin(radians(latitude)) ** 2);
const metresAtZoomZero = (latitude) => (2 * Math.PI * radius(latitude) * Math.cos(radians(latitude))) / 256;
const zoomFor = (scale, latitude) => Math.log2(metresAtZoomZero(latitude) / (scale * METRES_A_PIXEL));
const scaleNow = () => metresAtZoomZero(map.getCenter().lat) / 2 ** map.getZoom() / METRES_A_PIXEL;

/** Listens to the button of the head and to the bar above the sheet. */
export function start() {
  const choice = byId('paper-scale');
  choice.append(...SCALES.map((scale) => new Option(t('portal.planner.paper.one_to', { n: scale.toLocaleString('en-US') }), scale)));
  byId('paper-open').addEventListener('click', open);
  byId('paper-close').addEventListener('click', close);
  byId('paper-print').addEventListener('click', () => print());
  choice.addEventListener('change', hold);
  listen((what) => { if (what === 'units' && before) legend(); });
  // Wherever the focus was left by the browser's own dialogue.
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && before) close(); });
}

/** The rest of the page but its heading, which stands still meanwhile. */
const others = () => document.querySelectorAll('main.pl > :not(#map-panel, .ph), .ph > :not(h1), .rail, .tabbar, .skip');

function lay(isOpen) {
  document.body.classList.toggle('on-paper', isOpen);
  for (const each of others()) each.inert = isOpen;
  for (const id of ['paper-bar', 'paper-foot']) byId(id).hidden = !isOpen;
  const container = map.getContainer();
  container.setAttribute('role', isOpen ? 'application' : 'img');
  if (isOpen) container.setAttribute('tabindex', '0'); else container.removeAttribute('tabindex');
  map.scrollWheelZoom[isOpen ? 'disable' : 'enable']();
  map.doubleClickZoom[isOpen ? 'disable' : 'enable']();
  map.options.zoomSnap = isOpen ? 0 : before.snap;
  map.invalidateSize({ animate: false, pan: false });
}

async function open() {
  if (!byId('twin').hidden) twin(false);
  document.dispatchEvent(new Event('planner-tools-away'));
  before = { centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap, limits: [map.getMinZoom(), map.getMaxZoom()] };
  byId('paper-scale').value = SCALES.find((scale) => scale >= scaleNow() * 0.999) ?? SCALES.at(-1);
  lay(true);
  map.on('moveend', hold);
  hold(before.centre);
  byId('paper-scale').focus();
  await refresh();
  legend();
}

function close() {
  map.off('moveend', hold);
  map.setMinZoom(before.limits[0]).setMaxZoom(before.limits[1]);
  lay(false);
  map.setView(before.centre, before.zoom, { ...calm(), animate: false });
  before = null;
  byId('paper-open').focus();
}

/** What is on the sheet, and nothing else: states, what zones do, parks, and what a number in a ring stands for. */
function legend() {
  const states = [...new Set(view.units.features.map(({ properties }) => properties.state).filter(Boolean))].map((name) => [name, t(`portal.planner.state.${name}`)]);
  const zones = view.zones.filter(({ properties }) => !away.has(properties.layer_code)).map(({ properties }) => properties.effect);
  const effects = EFFECTS.filter((effect) => zones.includes(effect)).map((effect) => [`zone-${effect}`, t(`page.effect.${effect}`)]);
  const parks = view.sites.length ? [['site-built', t('portal.planner.sites')]] : [];
  const item = ([mark, words]) => h('span', { class: 'row g4' }, swatch(mark), words);
  const counted = map.getContainer().querySelector('.cell-count') ? h('span', { class: 'row g4' }, h('span', { class: 'cell-count', 'aria-hidden': 'true' }, 'n'), t('portal.planner.paper.counts')) : null;
  fill(byId('paper-legend'), [...states, ...effects, ...parks].map(item), counted);
}

/** Keeps the scale: Mercator's grows to the north, so a sheet that was moved is set anew. */
function hold(at) {
  const centre = at?.lat === undefined ? map.getCenter() : at;
  const scale = Number(byId('paper-scale').value);
  const zoom = zoomFor(scale, centre.lat);
  byId('paper-said').textContent = t('portal.planner.paper.said', { n: scale.toLocaleString('en-US'), day: byId('head-day').textContent, today: boot.day });
  if (Math.abs(zoom - map.getZoom()) < 1e-4) return;
  map.options.minZoom = 0;
  map.options.maxZoom = 24;
  map.setView(centre, zoom, { animate: false });
  map.options.minZoom = zoom;
  map.options.maxZoom = zoom;
}
