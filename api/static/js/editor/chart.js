// The map: folium made it; here it gets its panes, the register by box, and the outline that is drawn. Findings: hits.js.

import { get } from '../api.js';
import { byId, h } from '../dom.js';
import { drawGraticule, drawGround, drawScale } from '../ground.js';
import { boot, hectares, layers as layerNames, t } from '../texts.js';
import { outward } from './labels.js';
import { legend } from './legend.js';
import { on, set, state } from './state.js';

export const map = globalThis.haiyuMap;
const PANES = ['ground', 'areas', 'zones', 'rights', 'names', 'draft', 'hits', 'rest', 'faults', 'handles', 'labels'];
// A neighbour is named from that size on the screen, and at most so many are.
const NAMED_PX = 84;
const MOST_NAMED = 40;
export const groups = {};
export let outline = null;
export let inView = { rights: [], zones: [] };

/** Prepares panes and groups, loads the ground, and follows the view. */
export async function start(grounded) {
  PANES.forEach((pane, order) => { map.createPane(pane).style.zIndex = 300 + order * 10; });
  for (const group of ['rights', 'zones', 'names', 'draft', 'hits', 'rest', 'faults', 'handles', 'labels']) groups[group] = L.layerGroup().addTo(map);
  readAddress();
  drawGraticule(map);
  drawScale(map);
  byId('zoom-in').addEventListener('click', () => map.zoomIn());
  byId('zoom-out').addEventListener('click', () => map.zoomOut());
  byId('zoom-fit').addEventListener('click', () => fit());
  map.on('moveend', () => { writeAddress(); refresh(); });
  const far = () => map.getContainer().classList.toggle('far', map.getZoom() < 12);
  map.on('zoomend', far);
  far();
  on('model', drawModel);
  const ground = await get('/ground');
  groups.areas = drawGround(map, ground);
  grounded(ground.features);
  await refresh();
}

function readAddress() {
  const match = /#map=([\d.]+)\/([\d.-]+)\/([\d.-]+)/.exec(location.hash);
  if (match) map.setView([Number(match[2]), Number(match[3])], Number(match[1]), { animate: false });
  else map.fitBounds(boot.home, { animate: false });
}

function writeAddress() {
  const centre = map.getCenter();
  history.replaceState(null, '', `#map=${map.getZoom()}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`);
}

export const calm = () => ({ animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 });

/** The draft if there is one, else the home view. */
export function fit(way = calm()) {
  // The open legend and the tools cover the sides of the map: the draft goes beside them. A phone has no room for more air than that.
  const wide = map.getSize().x > 560;
  const side = wide && byId('legend').open ? byId('legend').offsetWidth + 12 : wide ? 0 : 64;
  if (outline) map.fitBounds(outline.getBounds().pad(wide ? 0.18 : 0.06), { maxZoom: 17, paddingTopLeft: [wide ? 60 : 64, 40], paddingBottomRight: [side, wide ? 8 : 40], ...way });
  else map.fitBounds(boot.home, way);
}

let running = null;

/** Loads rights and zones of the present view; a newer view cancels the older question. */
export async function refresh() {
  running?.abort();
  running = new AbortController();
  const box = map.getBounds();
  const query = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((value) => value.toFixed(6)).join(',');
  try {
    const [rights, zones] = await Promise.all([
      get(`/register?bbox=${query}&limit=2000`, { signal: running.signal }),
      get(`/zones?bbox=${query}`, { signal: running.signal }),
    ]);
    inView = { rights: rights.features, zones: zones.features };
    drawRegister(rights, zones);
    map.fire('names');
    set('inView', inView);
  } catch (error) {
    if (error.name === 'AbortError') return;
    byId('in-view').textContent = error.title ?? t('page.broken');
  }
}

/** The class of a right on the map, from its dates and standing. */
export function rightState(properties) {
  if (properties.standing === 'claimed' || properties.standing === 'approved') return 'pending';
  if (properties.to && properties.to < boot.day) return 'ended';
  if (properties.to && properties.to <= boot.soon) return 'expiring';
  return 'right';
}

function note(lines) {
  return h('div', {}, lines.filter(Boolean).map((line, index) => h('div', { class: index ? 'mut' : 'b' }, line)));
}

function drawRegister(rights, zones) {
  groups.zones.clearLayers();
  groups.rights.clearLayers();
  L.geoJSON(zones, { pane: 'zones', style: { className: 'zone' }, onEachFeature: (feature, layer) => {
    layer.bindTooltip(() => note([feature.properties.name, feature.properties.layer, t(`page.effect.${feature.properties.effect}`)]), { className: 'note', sticky: true });
  } }).addTo(groups.zones);
  L.geoJSON(rights, { pane: 'rights', style: (feature) => ({ className: rightState(feature.properties) }), onEachFeature: (feature, layer) => {
    const p = feature.properties;
    layer.bindTooltip(() => note([t(`page.right.${rightState(p)}`), p.code, p.mode_label, hectares(p.area_ha), layerNames(p.layers), p.to ? t('page.until', { day: p.to }) : null]), { className: 'note', sticky: true });
  } }).addTo(groups.rights);
  // A shape with a note would be a stop of the Tab key, hundreds of them; the list is their way by keyboard.
  for (const path of document.querySelectorAll('.leaflet-container path.leaflet-interactive')) path.setAttribute('tabindex', '-1');
  byId('in-view').textContent = t(rights.truncated ? 'page.in_view.more' : 'page.in_view', { n: rights.features.length });
  nameNeighbours(rights.features);
  legend(inView, state);
}

/** What a neighbour is stands on it where there is room; the list has all. */
function nameNeighbours(features) {
  groups.names.clearLayers();
  let named = 0;
  for (const feature of features) {
    if (named === MOST_NAMED || !feature.geometry) return;
    const bounds = L.geoJSON(feature).getBounds();
    const [a, b] = [map.latLngToContainerPoint(bounds.getSouthWest()), map.latLngToContainerPoint(bounds.getNorthEast())];
    if (b.x - a.x < NAMED_PX || a.y - b.y < NAMED_PX / 2) continue;
    named += 1;
    const words = h('div', {}, t(`page.right.${rightState(feature.properties)}`));
    L.marker(bounds.getCenter(), { pane: 'names', interactive: false, keyboard: false, icon: L.divIcon({ className: 'place-label its', html: words, iconSize: [0, 0] }) }).addTo(groups.names);
  }
}

export const latLng = ([lon, lat]) => [lat / 3600000, lon / 3600000];
const placeOf = (model) => (id) => latLng([model.points[id].lon, model.points[id].lat]);

/** The outline as it is now; handles stand apart, so that one being dragged is not drawn anew under the hand. */
function drawModel(model) {
  groups.draft.clearLayers();
  outline = null;
  if (!model?.exterior.length) { legend(inView, state); return; }
  const options = { pane: 'draft', interactive: false, smoothFactor: 0 };
  const places = (ring) => ring.map(placeOf(model));
  const rings = [model.exterior, ...model.holes].map(places);
  if (model.exterior.length < 3) {
    L.polyline(rings[0], { ...options, className: 'casing' }).addTo(groups.draft);
    outline = L.polyline(rings[0], { ...options, className: 'draft line' }).addTo(groups.draft);
  } else {
    L.polygon(rings, { ...options, className: 'casing' }).addTo(groups.draft);
    outline = L.polygon(rings, { ...options, className: 'draft' }).addTo(groups.draft);
    if (model.units.length > 1) for (const unit of model.units) L.polygon(unit.rings.map(places), { ...options, className: 'unit' }).addTo(groups.draft);
  }
  if (model.fit) fit();
  if (!model.moving) legend(inView, state);
}

/** For each point the side on which its number stands: away from the parcel. */
export function numberSides(model, turning) {
  const side = new Map();
  for (const ring of [model.exterior, ...model.holes]) {
    const corners = ring.map((id) => [model.points[id].lon, model.points[id].lat]);
    const inner = ring !== model.exterior;
    corners.forEach((at, order) => side.set(ring[order], outward(corners.at(order - 1), at, corners[(order + 1) % corners.length], (turning(model, ring) > 0) !== inner)));
  }
  return side;
}
