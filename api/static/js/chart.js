// The map: folium made it; here it gets its panes, the register by box, the draft, the findings and the remedy.

import { get } from './api.js';
import { byId, h } from './dom.js';
import { drawGraticule, drawGround, drawScale } from './ground.js';
import { controls, outward, pill, quietPlace, ringsOf } from './labels.js';
import { legend } from './legend.js';
import { on, state } from './state.js';
import { boot, hectares, layers as layerNames, t } from './texts.js';

export const map = globalThis.haiyuMap;
const PANES = ['ground', 'areas', 'zones', 'rights', 'draft', 'hits', 'rest', 'handles', 'labels'];
const MILDEST_FIRST = ['clear', 'compatible', 'within_tolerance', 'needs_consent', 'touching', 'conflict'];
export const groups = {};
let pills = [];
let name = null;
let draftOutline = null;
export let inView = { rights: [], zones: [] };

/** Prepares panes and groups, loads the ground, and follows the view. */
export async function start(grounded = () => {}) {
  PANES.forEach((name, order) => { map.createPane(name).style.zIndex = 300 + order * 10; });
  for (const name of ['rights', 'zones', 'draft', 'hits', 'rest', 'handles', 'labels']) groups[name] = L.layerGroup().addTo(map);
  readAddress();
  drawGraticule(map);
  drawScale(map);
  byId('zoom-in').addEventListener('click', () => map.zoomIn());
  byId('zoom-out').addEventListener('click', () => map.zoomOut());
  byId('zoom-fit').addEventListener('click', () => fit());
  map.on('moveend', () => { writeAddress(); refresh(); });
  map.on('moveend resize', settle);
  const far = () => map.getContainer().classList.toggle('far', map.getZoom() < 12);
  map.on('zoomend', far);
  far();
  on('model', drawModel);
  on('draft', labelDraft);
  on('report', drawReport);
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

const calm = () => ({ animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 });

/** The draft if there is one, else the home view. */
export function fit(way = calm()) {
  // The open legend and the head of the map cover a side of it: the draft goes beside them.
  const side = byId('legend').open ? byId('legend').offsetWidth + 12 : 0;
  if (draftOutline) map.fitBounds(draftOutline.getBounds().pad(0.45), { maxZoom: 17, paddingTopLeft: [0, 48], paddingBottomRight: [side, 0], ...way });
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
  legend(groups, inView, state);
}

/** The outline as it is now; handles stand apart, so that one being dragged is not drawn anew under the hand. */
function drawModel(model) {
  for (const each of ['draft', 'labels']) groups[each].clearLayers();
  if (!model.moving) { groups.hits.clearLayers(); groups.rest.clearLayers(); pills = []; }
  name = null;
  draftOutline = null;
  if (!model.exterior.length) return;
  const options = { pane: 'draft', interactive: false, smoothFactor: 0 };
  const places = (ring) => ring.map((id) => latLng([model.points[id].lon, model.points[id].lat]));
  const rings = [model.exterior, ...model.holes].map(places);
  if (model.exterior.length < 3) {
    draftOutline = L.polyline(rings[0], { ...options, className: 'draft' }).addTo(groups.draft);
    return;
  }
  L.polygon(rings, { ...options, className: 'casing' }).addTo(groups.draft);
  draftOutline = L.polygon(rings, { ...options, className: 'draft' }).addTo(groups.draft);
  if (model.units.length > 1) for (const unit of model.units) L.polygon(unit.rings.map(places), { ...options, className: 'unit' }).addTo(groups.draft);
  if (model.fit) fit();
}

export const latLng = ([lon, lat]) => [lat / 3600000, lon / 3600000];

/** For each point the side on which its number stands: away from the parcel. */
export function numberSides(model) {
  const side = new Map();
  for (const ring of [model.exterior, ...model.holes]) {
    const corners = ring.map((id) => [model.points[id].lon, model.points[id].lat]);
    const turn = corners.reduce((sum, [x, y], order) => { const [a, b] = corners[(order + 1) % corners.length]; return sum + x * b - a * y; }, 0);
    corners.forEach((at, order) => side.set(ring[order], outward(corners.at(order - 1), at, corners[(order + 1) % corners.length], turn > 0)));
  }
  return side;
}

/** A handle with its number. */
export function handleIcon(number, many, side = 'ne') {
  const mark = h('b', { class: side }, String(number));
  return L.divIcon({ className: 'vx', iconSize: many ? [6, 6] : [10, 10], html: many ? '' : mark });
}

function labelDraft(draft) {
  groups.labels.clearLayers();
  name = null;
  if (!draft || !draftOutline) return;
  const words = h('div', {}, h('div', {}, t('page.draft')), h('div', {}, hectares(draft.area_ha)));
  name = L.marker(draftOutline.getBounds().getCenter(), { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'place-label me', html: words, iconSize: [0, 0] }) }).addTo(groups.labels);
}

function drawReport(report) {
  groups.hits.clearLayers();
  groups.rest.clearLayers();
  pills = [];
  settle();
  if (!report) return;
  // The worst lies on top: a conflict must not hide below the zone that it lies in.
  const drawn = report.findings.map((finding, index) => ({ finding, index })).sort((a, b) => MILDEST_FIRST.indexOf(a.finding.grade) - MILDEST_FIRST.indexOf(b.finding.grade));
  drawn.forEach(({ finding, index }) => {
    if (!finding.geometry || !finding.grade) return;
    const layer = L.geoJSON(finding.geometry, { pane: 'hits', interactive: false, smoothFactor: 0, style: { className: `hit ${finding.grade}${holdsAll(finding) ? ' whole' : ''}` }, pointToLayer: (feature, at) => L.circleMarker(at, { pane: 'hits', radius: 6, className: `hit ${finding.grade}` }) });
    layer.finding = index;
    layer.addTo(groups.hits);
    if (finding.grade === 'conflict' && Number(finding.facts?.overlap_ha ?? 0) > 0) pills.push(pill(layer.getBounds(), hectares(finding.facts.overlap_ha)).addTo(groups.hits));
  });
  if (report.remedy?.geometry) L.geoJSON(report.remedy.geometry.geojson, { pane: 'rest', interactive: false, smoothFactor: 0, style: { className: 'rest' } }).addTo(groups.rest);
  legend(groups, inView, state);
  settle();
}

/** A zone that holds the whole draft is tinted only: a full pattern would drown the boundary that it holds. */
const holdsAll = (finding) => Number(finding.facts?.share_draft ?? 0) > 0.9995 && finding.grade !== 'conflict';

/** Words move to quiet ground when the view or the report changes. */
function settle() {
  if (!state.draft || !name) return;
  const conflicts = (state.report?.findings ?? []).filter((finding) => finding.geometry && !holdsAll(finding)).flatMap((finding) => ringsOf(map, finding.geometry));
  const rings = ringsOf(map, state.draft.geojson);
  name.setLatLng(map.unproject(quietPlace(rings, conflicts)));
  const [at, origin] = [map.latLngToContainerPoint(name.getLatLng()), map.latLngToContainerPoint(draftOutline.getBounds().getNorthWest())];
  const end = map.latLngToContainerPoint(draftOutline.getBounds().getSouthEast());
  const clear = [...controls(map), { left: at.x - 60, right: at.x + 60, top: at.y - 24, bottom: at.y + 24, weight: 3 }, { left: origin.x, right: end.x, top: origin.y, bottom: end.y, weight: 0.2 }];
  groups.handles.eachLayer((mark) => { const { x, y } = map.latLngToContainerPoint(mark.getLatLng()); clear.push({ left: x - 26, right: x + 26, top: y - 26, bottom: y + 26, weight: 1 }); });
  for (const each of pills) clear.push({ ...each.settle(map, clear), weight: 5 });
}

/** Brings one finding's place into view and thickens its edge. */
export function showFinding(index, { move = true } = {}) {
  groups.hits.eachLayer((layer) => {
    if (layer.finding === undefined) return;
    const chosen = layer.finding === index;
    layer.eachLayer((path) => path.getElement?.()?.classList.toggle('on', chosen));
    if (chosen && move) {
      const bounds = layer.getBounds();
      if (!map.getBounds().contains(bounds)) map.fitBounds(bounds.pad(1), { maxZoom: 17, ...calm() });
    }
  });
}

/** Shows draft and remainder together. */
export function showRemedy() {
  if (draftOutline) map.fitBounds(draftOutline.getBounds().pad(0.25), { maxZoom: 18, ...calm() });
}
