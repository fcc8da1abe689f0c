// The map: units by state, counts by cells where there are too many, zones, parks with their sites; a click selects, a box selects many.

import { get } from '../api.js';
import { byId, h } from '../dom.js';
import { drawGraticule, drawGround, drawScale } from '../ground.js';
import { drawNames, roomFor } from '../names.js';
import { ruler } from '../ruler.js';
import { boot, hectares, layers as layerNames, t } from '../texts.js';
import { nothingShown, question, tell, view } from './view.js';

export const map = globalThis.haiyuMap;
const CLASS = { registered: 'right', pending: 'pending', expiring: 'expiring', frozen: 'frozen', ended: 'ended' };
const PANES = ['ground', 'areas', 'sites', 'zones', 'rights', 'cells', 'rubber', 'labels'];
// A parcel smaller than that on the screen is a dot (interface guide §6).
const DOT_PX = 6;
// So many dots no farther than that from their middle run into one another: their number stands for them.
const CROWD = { px: 36, dots: 6 };
// A zone is named where its name and a little air around it fit inside.
const NAME = { letter: { zh: 12.5, en: 6.6 }, air: 16, height: 22 };
const paths = new Map();
let crowds = [];
export const away = new Set();
export const awaySites = new Set();
let groups = null;
let areas = null;
let running = null;

/** Panes, controls and ground; then the first view. */
export async function start() {
  PANES.forEach((name, order) => { map.createPane(name).style.zIndex = 300 + order * 10; });
  groups = { sites: L.layerGroup().addTo(map), zones: L.layerGroup().addTo(map), units: L.layerGroup().addTo(map) };
  readAddress();
  drawGraticule(map);
  drawScale(map);
  byId('zoom-in').addEventListener('click', () => map.zoomIn());
  byId('zoom-out').addEventListener('click', () => map.zoomOut());
  byId('zoom-fit').addEventListener('click', () => goHome(calm()));
  map.on('moveend', () => { writeAddress(); refresh(); });
  byId('areas').addEventListener('change', (event) => { if (areas) { if (event.target.checked) areas.addTo(map); else areas.remove(); } });
  boxSelection(ruler(map));
  const ground = await get('/ground').catch(() => ({ features: [] }));
  areas = drawGround(map, ground);
  drawNames(map, zoneNames);
  await refresh();
}

/** Names of the zones that are shown and have room for them. */
function zoneNames() {
  return view.zones.filter(({ properties }) => !away.has(properties.layer_code)).flatMap(({ geometry, properties: { name } }) => {
    const at = roomFor(map, geometry, name.length * NAME.letter[boot.lang] + NAME.air, NAME.height);
    return at ? [{ at: [at.lat, at.lng], words: name, className: 'zone_name' }] : [];
  });
}

export const calm = () => ({ animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 });

function readAddress() {
  const match = /#map=([\d.]+)\/([\d.-]+)\/([\d.-]+)/.exec(location.hash);
  if (match) map.setView([Number(match[2]), Number(match[3])], Number(match[1]), { animate: false });
  else goHome({ animate: false });
}

/** All of the register; on a phone beside the tools, which would cover a quarter of it. */
function goHome(way) {
  const tools = map.getSize().x > 560 ? 0 : byId('zoom-in').parentElement.offsetWidth + 16;
  map.fitBounds(boot.home, { paddingTopLeft: [tools && 20, tools && 64], paddingBottomRight: [tools, tools && 24], ...way });
}

function writeAddress() {
  const centre = map.getCenter();
  history.replaceState(null, '', `${location.pathname}${location.search}#map=${map.getZoom()}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`);
}

/** Asks for the present view; a newer question cancels the older one. */
export async function refresh() {
  running?.abort();
  running = new AbortController();
  const mine = running;
  byId('map-panel').classList.add('busy');
  const slow = setTimeout(() => { byId('in-view').textContent = t('portal.planner.loading'); }, 300);
  try {
    const asked = question(map.getBounds());
    const [units, zones, sites] = await Promise.all([
      get(`/planning/units?${asked}`, { signal: mine.signal }),
      get(`/planning/zones?${asked}`, { signal: mine.signal }),
      get(`/planning/sites?bbox=${asked.get('bbox')}`, { signal: mine.signal }),
    ]);
    view.units = nothingShown() ? { ...units, kind: 'units', features: [], shown: 0 } : units;
    view.zones = zones.features;
    view.sites = sites.features;
    clearTimeout(slow);
    draw();
    tell('units');
  } catch (error) {
    if (error.name === 'AbortError') return;
    document.getElementById('counting')?.remove();
    byId('in-view').textContent = `${error.title ?? t('page.broken')} ${error.detail ?? ''}`;
  } finally {
    clearTimeout(slow);
    if (mine === running) { byId('map-panel').classList.remove('busy'); document.documentElement.dataset.idle = 'true'; }
  }
}

function note(lines) {
  return h('div', {}, lines.filter(Boolean).map((line, index) => h('div', { class: index ? 'mut' : 'b' }, line)));
}

function draw() {
  groups.units.clearLayers();
  groups.zones.clearLayers();
  paths.clear();
  crowds = [];
  L.geoJSON({ type: 'FeatureCollection', features: view.zones }, { pane: 'zones', style: zoneStyle, onEachFeature: (feature, layer) => {
    layer.bindTooltip(() => note([feature.properties.name, feature.properties.layer, t(`page.effect.${feature.properties.effect}`)]), { className: 'note', sticky: true });
    layer.on('click', () => open(feature));
    layer.zoneLayer = feature.properties.layer_code;
  } }).addTo(groups.zones);
  drawSites();
  if (view.units.kind === 'cells') view.units.features.forEach(drawCell);
  else drawUnits(view.units.features);
  // A shape with a note would be a stop of the Tab key, hundreds of them; the list is their way by keyboard.
  for (const path of document.querySelectorAll('.leaflet-container path.leaflet-interactive')) path.setAttribute('tabindex', '-1');
  mark();
  showZones();
  byId('in-view').textContent = t(view.units.kind === 'cells' ? 'portal.planner.in_view.cells' : 'portal.planner.in_view', { n: view.units.shown.toLocaleString('en-US') });
}

function drawSites() {
  groups.sites.clearLayers();
  const className = ({ properties: p }) => (p.site ? `site site-${p.site}` : 'park');
  L.geoJSON({ type: 'FeatureCollection', features: view.sites }, { pane: 'sites', style: (feature) => ({ className: className(feature) }), onEachFeature: (feature, layer) => {
    const { name, site, park } = feature.properties;
    layer.bindTooltip(() => note([name, t(`portal.planner.site.${site ?? 'park'}`), park]), { className: 'note', sticky: true });
    layer.on('click', () => open(feature));
    layer.siteState = site;
  } }).addTo(groups.sites);
  showSites();
}

/** Sites of the states that are switched off are taken away; an outline of a park stays. */
export function showSites() {
  for (const layer of groups.sites.getLayers()) layer.eachLayer((each) => each.getElement?.()?.toggleAttribute('hidden', awaySites.has(each.siteState)));
}

const zoneStyle = (feature) => ({ className: `zone ${feature.properties.effect}${feature.properties.disclosure === 'public' ? '' : ' hidden-zone'} zl-${feature.properties.layer_code}` });

/** Zones of layers that are switched off are taken away. */
export function showZones() {
  for (const layer of groups.zones.getLayers()) layer.eachLayer((each) => each.getElement?.()?.toggleAttribute('hidden', away.has(each.zoneLayer)));
  map.fire('names');
}

/** Shapes, dots where a shape is too small to see, and counts where dots run into one another. */
function drawUnits(features) {
  const groupsOfDots = [];
  for (const feature of features) {
    const shape = L.geoJSON(feature, { pane: 'rights', style: { className: CLASS[feature.properties.state] } });
    const box = shape.getBounds();
    const [a, b] = [map.project(box.getNorthWest()), map.project(box.getSouthEast())];
    if (Math.abs(b.x - a.x) >= DOT_PX || Math.abs(b.y - a.y) >= DOT_PX) drawUnit(feature, shape);
    else joinDots(groupsOfDots, { feature, box }, a.add(b).divideBy(2));
  }
  for (const { dots } of groupsOfDots) {
    if (dots.length < CROWD.dots) dots.forEach(({ feature, box }) => drawUnit(feature, L.circleMarker(box.getCenter(), { pane: 'rights', radius: 3, className: CLASS[feature.properties.state] })));
    else drawCrowd(dots);
  }
}

function joinDots(found, dot, at) {
  const near = found.find(({ middle }) => middle.distanceTo(at) < CROWD.px);
  if (!near) { found.push({ dots: [dot], middle: at }); return; }
  near.dots.push(dot);
  near.middle = near.middle.add(at.subtract(near.middle).divideBy(near.dots.length));
}

function drawCrowd(dots) {
  const box = dots.reduce((all, each) => all.extend(each.box), L.latLngBounds(dots[0].box.getSouthWest(), dots[0].box.getNorthEast()));
  const marker = drawCount(box.getCenter(), dots.length, box);
  crowds.push({ marker, ids: dots.map(({ feature }) => feature.id) });
}

function drawUnit(feature, layer) {
  const { state } = feature.properties;
  const p = feature.properties;
  layer.bindTooltip(() => note([p.name ?? p.code, t(`portal.planner.state.${state}`), p.mode_label, p.area_ha ? hectares(p.area_ha) : null, layerNames(p.layers), p.to ? t('page.until', { day: p.to }) : null]), { className: 'note', sticky: true });
  layer.on('click', () => open(feature));
  layer.addTo(groups.units);
  paths.set(feature.id, layer);
}

function drawCell(feature) {
  const { n, step } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  drawCount([lat, lon], n, [[lat - step / 2, lon - step / 2], [lat + step / 2, lon + step / 2]]);
}

/** A number that stands for so many units; a click looks closer at where they lie. */
function drawCount(at, n, bounds) {
  const size = Math.round(20 + 7 * Math.log10(n));
  const words = h('span', {}, n < 10000 ? n.toLocaleString('en-US') : `${Math.round(n / 1000).toLocaleString('en-US')}k`);
  return L.marker(at, { pane: 'cells', keyboard: false, icon: L.divIcon({ className: 'cell-count', html: words, iconSize: [size, size] }) })
    .on('click', () => map.fitBounds(bounds, calm())).addTo(groups.units);
}

/** Shows one unit or zone beside the map. */
export function open(feature) {
  view.opened = feature;
  view.chosen = feature.properties.state ? new Set([feature.id]) : new Set();
  tell('chosen');
}

/** Thickens what is selected. */
export function mark() {
  for (const [id, layer] of paths) {
    const each = (path) => path.getElement?.()?.classList.toggle('chosen', view.chosen.has(id));
    if (layer.eachLayer) layer.eachLayer(each); else each(layer);
  }
  for (const { marker, ids } of crowds) marker.getElement()?.classList.toggle('chosen', ids.some((id) => view.chosen.has(id)));
}

/** Moves to units that were searched for, and reads what is there. */
export async function goTo(features) {
  map.fitBounds(L.geoJSON({ type: 'FeatureCollection', features }).getBounds().pad(1), { maxZoom: 15, animate: false });
  await refresh();
}

/** Selects units by their ids, or by their code (what the register held then has ids of its own), and opens the first; whether any is shown. */
export function select(ids, code) {
  const shown = view.units.kind === 'units' ? view.units.features.filter(({ id, properties }) => ids.includes(id) || properties.code === code) : [];
  if (!shown.length) return false;
  view.opened = shown[0];
  view.chosen = new Set(shown.map(({ id }) => id));
  tell('chosen');
  return true;
}

function boxSelection(putAway) {
  const button = byId('box');
  let rubber = null;
  let from = null;
  const set = (on) => {
    button.setAttribute('aria-pressed', String(on));
    byId('map-panel').classList.toggle('boxing', on);
    map.dragging[on ? 'disable' : 'enable']();
  };
  button.addEventListener('click', () => { putAway(); set(button.getAttribute('aria-pressed') !== 'true'); });
  byId('ruler').addEventListener('click', () => set(false));
  document.addEventListener('planner-tools-away', () => { putAway(); set(false); });
  map.on('mousedown', (event) => { if (button.getAttribute('aria-pressed') === 'true') from = event.latlng; });
  map.on('mousemove', (event) => {
    if (!from) return;
    rubber?.remove();
    rubber = L.rectangle([from, event.latlng], { pane: 'rubber', interactive: false, className: 'rubber' }).addTo(map);
  });
  map.on('mouseup', (event) => {
    if (!from) return;
    const box = L.latLngBounds(from, event.latlng);
    from = null;
    rubber?.remove();
    set(false);
    view.opened = null;
    view.chosen = new Set(view.units.kind === 'units' ? view.units.features.filter((feature) => box.intersects(L.geoJSON(feature).getBounds())).map((feature) => feature.id) : []);
    tell('chosen');
  });
}
