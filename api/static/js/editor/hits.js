// What the check found, on the map: overlaps by grade, the remedy, a pill with the area, and the name of the draft on quiet ground.

import { byId, h } from '../dom.js';
import { hectares, t } from '../texts.js';
import { calm, groups, inView, map, outline } from './chart.js';
import { controls, pill, quietPlace, ringsOf } from './labels.js';
import { legend } from './legend.js';
import { on, state } from './state.js';

const MILDEST_FIRST = ['clear', 'compatible', 'within_tolerance', 'needs_consent', 'touching', 'conflict'];
let pills = [];
let name = null;
let settling = null;

/** Follows reports and views. */
export function start() {
  on('model', follow);
  on('stale', (stale) => byId('map-panel').classList.toggle('stale', stale));
  on('report', draw);
  on('draft', nameDraft);
  map.on('moveend resize', settle);
}

/** While the outline moves its name moves with it; what was found of the old one stays, pale, until the answer comes. */
function follow(model) {
  if (!model?.exterior.length) { nameDraft(null); return; }
  if (!name || !outline) return;
  name.setLatLng(outline.getBounds().getCenter());
}

function nameDraft(draft) {
  groups.labels.eachLayer((layer) => { if (layer === name) groups.labels.removeLayer(layer); });
  name = null;
  if (!draft || !outline) return;
  const words = h('div', {}, h('div', {}, t('page.draft')), h('div', {}, hectares(draft.area_ha)));
  name = L.marker(outline.getBounds().getCenter(), { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'place-label me', html: words, iconSize: [0, 0] }) }).addTo(groups.labels);
}

function draw(report) {
  groups.hits.clearLayers();
  groups.rest.clearLayers();
  pills = [];
  if (report) {
    // The worst lies on top: a conflict must not hide below the zone that it lies in.
    report.findings.map((finding, index) => ({ finding, index }))
      .sort((a, b) => MILDEST_FIRST.indexOf(a.finding.grade) - MILDEST_FIRST.indexOf(b.finding.grade)).forEach(one);
    if (report.remedy?.geometry) L.geoJSON(report.remedy.geometry.geojson, { pane: 'rest', interactive: false, smoothFactor: 0, style: { className: 'rest' } }).addTo(groups.rest);
  }
  legend(inView, state);
  // Where words stand is measured once, when everything of the answer is on the page.
  settling ??= requestAnimationFrame(settle);
}

function one({ finding, index }) {
  if (!finding.geometry || !finding.grade) return;
  const style = { className: `hit ${finding.grade}${holdsAll(finding) ? ' whole' : ''}` };
  const layer = L.geoJSON(finding.geometry, { pane: 'hits', interactive: false, smoothFactor: 0, style, pointToLayer: (feature, at) => L.circleMarker(at, { pane: 'hits', radius: 6, ...style }) });
  layer.finding = index;
  layer.addTo(groups.hits);
  if (finding.grade === 'conflict' && Number(finding.facts?.overlap_ha ?? 0) > 0) pills.push(pill(layer.getBounds(), hectares(finding.facts.overlap_ha)).addTo(groups.hits));
}

/** A zone that holds the whole draft is tinted only: a full pattern would drown the boundary that it holds. */
const holdsAll = (finding) => Number(finding.facts?.share_draft ?? 0) > 0.9995 && finding.grade !== 'conflict';

/** Words move to quiet ground when the view or the report changes. */
function settle() {
  cancelAnimationFrame(settling);
  settling = null;
  if (!state.draft || !name || !outline) return;
  const conflicts = (state.report?.findings ?? []).filter((finding) => finding.geometry && !holdsAll(finding)).flatMap((finding) => ringsOf(map, finding.geometry));
  name.setLatLng(map.unproject(quietPlace(ringsOf(map, state.draft.geojson), conflicts)));
  const bounds = outline.getBounds();
  const [at, origin, end] = [name.getLatLng(), bounds.getNorthWest(), bounds.getSouthEast()].map((place) => map.latLngToContainerPoint(place));
  const clear = [...controls(map), { left: at.x - 60, right: at.x + 60, top: at.y - 24, bottom: at.y + 24, weight: 3 }, { left: origin.x, right: end.x, top: origin.y, bottom: end.y, weight: 0.2 }];
  groups.handles.eachLayer((mark) => {
    if (!mark.getLatLng) return;
    const { x, y } = map.latLngToContainerPoint(mark.getLatLng());
    clear.push({ left: x - 26, right: x + 26, top: y - 26, bottom: y + 26, weight: 1 });
  });
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
  if (outline) map.fitBounds(outline.getBounds().pad(0.25), { maxZoom: 18, ...calm() });
}
