// The map: folium made it; here it gets its panes, the register by box, the draft, the findings and the remedy.

import { get } from './api.js';
import { byId, h } from './dom.js';
import { drawGraticule, drawGround, drawScale } from './ground.js';
import { controls, outward, pill, quietPlace, ringsOf } from './labels.js';
import { legend } from './legend.js';
import { on, set, state } from './state.js';
import { boot, hectares, layers as layerNames, t } from './texts.js';

export const map = globalThis.haiyuMap;
const PANES = ['ground', 'areas', 'zones', 'rights', 'draft', 'hits', 'rest', 'handles', 'labels'];
const MILDEST_FIRST = ['clear', 'compatible', 'within_tolerance', 'needs_consent', 'touching', 'conflict'];
const MOST_HANDLES = 600;
const groups = {};
let marks = [];
let pills = [];
let name = null;
let draftOutline = null;
export let inView = { rights: [], zones: [] };

/** Prepares panes and groups, loads the ground, and follows the view. */
export async function start() {
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
  on('draft', drawDraft);
  on('report', drawReport);
  on('selected', markSelected);
  const ground = await get('/ground');
  groups.areas = drawGround(map, ground);
  await refresh();
  document.documentElement.dataset.idle = 'true';
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

function drawDraft(draft) {
  for (const name of ['draft', 'handles', 'hits', 'rest', 'labels']) groups[name].clearLayers();
  marks = [];
  pills = [];
  name = null;
  draftOutline = null;
  if (!draft) return;
  const options = { interactive: false, smoothFactor: 0 };
  L.geoJSON(draft.geojson, { pane: 'draft', ...options, style: { className: 'casing' } }).addTo(groups.draft);
  draftOutline = L.geoJSON(draft.geojson, { pane: 'draft', ...options, style: { className: 'draft' } }).addTo(groups.draft);
  if (draft.units.length > 1) for (const rings of unitRings(draft)) L.polygon(rings, { pane: 'draft', ...options, className: 'unit' }).addTo(groups.draft);
  const many = draft.points.length > 60;
  const sides = many ? [] : numberSides(draft);
  // Beyond this the handles would hide the line that they stand on; the table still has every point.
  marks = draft.points.slice(0, draft.points.length > MOST_HANDLES ? 0 : undefined).map((point, index) => L.marker(latLng([point.lon_ms, point.lat_ms]), { pane: 'handles', keyboard: false, title: String(point.number), icon: handle(point.number, many, sides[index]) })
    .on('click', () => set('selected', index)).addTo(groups.handles));
  labelDraft(draft);
  fit();
}

/** Units by the numbers of their points, `1-2-3-1;7-8-9-7`, as rings of places. */
function unitRings(draft) {
  const at = new Map(draft.points.map((point) => [String(point.number), latLng([point.lon_ms, point.lat_ms])]));
  return draft.units.map((unit) => unit.ring.split(';').map((ring) => ring.split('-').slice(0, -1).map((number) => at.get(number))));
}

const latLng = ([lon, lat]) => [lat / 3600000, lon / 3600000];

/** For each point in order, the side on which its number stands, from the ring that the point belongs to. */
function numberSides(draft) {
  const key = ([lon, lat]) => `${Math.round(lon * 3600000)},${Math.round(lat * 3600000)}`;
  const side = new Map();
  const polygons = draft.geojson.type === 'MultiPolygon' ? draft.geojson.coordinates : [draft.geojson.coordinates];
  for (const ring of polygons.flat()) {
    const corners = ring.slice(0, -1);
    // Shells run anticlockwise and holes clockwise (RFC 7946), so the parcel always lies at the left hand.
    corners.forEach((at, order) => side.set(key(at), outward(corners.at(order - 1), at, corners[(order + 1) % corners.length], true)));
  }
  return draft.points.map((point) => side.get(`${point.lon_ms},${point.lat_ms}`) ?? 'ne');
}

function handle(number, many, side) {
  const mark = h('b', { class: side }, String(number));
  return L.divIcon({ className: 'vx', iconSize: many ? [6, 6] : [10, 10], html: many ? '' : mark });
}

function labelDraft(draft) {
  const words = h('div', {}, h('div', {}, t('page.draft')), h('div', {}, hectares(draft.area_ha)));
  name = L.marker(draftOutline.getBounds().getCenter(), { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'place-label me', html: words, iconSize: [0, 0] }) }).addTo(groups.labels);
}

function markSelected(index) {
  marks.forEach((mark, order) => mark.getElement()?.classList.toggle('on', order === index));
  if (index === null || !state.draft) return;
  const point = state.draft.points[index];
  const at = L.latLng(latLng([point.lon_ms, point.lat_ms]));
  if (!map.getBounds().pad(-0.1).contains(at)) map.panTo(at, calm());
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
  for (const mark of marks) { const { x, y } = map.latLngToContainerPoint(mark.getLatLng()); clear.push({ left: x - 26, right: x + 26, top: y - 26, bottom: y + 26, weight: 1 }); }
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
