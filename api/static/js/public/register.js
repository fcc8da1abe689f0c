// The map of the public register: rights by view from the interface; the list below follows the view and is its twin.

import { get } from '../api.js';
import { byId, fill, h, swatch } from '../dom.js';
import { drawGraticule, drawGround, drawScale } from '../ground.js';
import { boot, hectares, layers as layerNames, t } from '../texts.js';

const map = globalThis.haiyuMap;
const PANES = ['ground', 'areas', 'rights', 'labels'];
const STATES = ['right', 'pending', 'expiring', 'ended'];
const group = L.layerGroup();
let running = null;

PANES.forEach((name, order) => { map.createPane(name).style.zIndex = 300 + order * 10; });
group.addTo(map);
view();
drawGraticule(map);
drawScale(map);
byId('zoom-in').addEventListener('click', () => map.zoomIn());
byId('zoom-out').addEventListener('click', () => map.zoomOut());
byId('zoom-fit').addEventListener('click', () => map.fitBounds(boot.home, calm()));
map.on('moveend', () => { remember(); refresh(); });
map.on('zoomend', far);
far();
get('/ground').then((ground) => drawGround(map, ground)).catch(tell);
refresh({ list: false }).finally(() => { document.documentElement.dataset.idle = 'true'; });

function calm() {
  return { animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 };
}

function far() {
  map.getContainer().classList.toggle('far', map.getZoom() < 12);
}

/** The view of the address, else that of the page. */
function view() {
  const told = /#map=([\d.]+)\/([\d.-]+)\/([\d.-]+)/.exec(location.hash);
  if (told) map.setView([Number(told[2]), Number(told[3])], Number(told[1]), { animate: false });
  else map.fitBounds(boot.home, { animate: false });
}

function remember() {
  const centre = map.getCenter();
  history.replaceState(null, '', `${location.pathname}${location.search}#map=${map.getZoom()}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`);
}

function stateOf({ standing, to }) {
  if (standing === 'claimed' || standing === 'approved') return 'pending';
  if (to && to < boot.day) return 'ended';
  return to && to <= boot.soon ? 'expiring' : 'right';
}

/** Loads what is in view; a newer view cancels the older question. A search keeps its own list. */
async function refresh({ list = true } = {}) {
  running?.abort();
  running = new AbortController();
  const box = map.getBounds();
  const query = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((value) => value.toFixed(6)).join(',');
  try {
    const found = await get(`/register?bbox=${query}&limit=2000`, { signal: running.signal });
    draw(found);
    if (list && !boot.words) globalThis.htmx.ajax('GET', `/register?bbox=${query}`, { target: '#list', swap: 'innerHTML' });
  } catch (problem) {
    if (problem.name !== 'AbortError') tell(problem);
  }
}

function tell(problem) {
  byId('in-view').textContent = problem.title ?? t('page.broken');
}

function draw(found) {
  group.clearLayers();
  L.geoJSON(found, { pane: 'rights', style: (feature) => ({ className: stateOf(feature.properties) }), onEachFeature: (feature, layer) => {
    layer.bindTooltip(() => note(feature.properties), { className: 'note', sticky: true });
    if (!feature.properties.code.startsWith('#')) layer.on('click', () => { location.assign(`/register/${encodeURIComponent(feature.properties.code)}`); });
  } }).addTo(group);
  // Hundreds of shapes would each be a stop of the Tab key; the list is the way by keyboard.
  for (const path of document.querySelectorAll('.leaflet-container path.leaflet-interactive')) path.setAttribute('tabindex', '-1');
  const many = found.features.length;
  byId('in-view').textContent = many ? t(found.truncated ? 'page.in_view.more' : 'page.in_view', { n: many }) : t('portal.register.script.none');
  legend(found.features);
}

function note(right) {
  const lines = [right.name ?? right.code, t(`page.right.${stateOf(right)}`), right.mode_label, right.area_ha ? hectares(right.area_ha) : null, layerNames(right.layers), right.to ? t('page.until', { day: right.to }) : null, t('portal.register.script.open')];
  return h('div', {}, lines.filter(Boolean).map((line, order) => h('div', { class: order ? 'mut' : 'b' }, line)));
}

function legend(features) {
  const count = (state) => features.filter((feature) => stateOf(feature.properties) === state).length;
  fill(byId('legend'), STATES.filter(count).map((state) => h('li', {}, swatch(state), t(`page.right.${state}`), h('span', { class: 'num' }, String(count(state))))));
}
