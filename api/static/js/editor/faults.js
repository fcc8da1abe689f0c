// Faults of the boundary at their points: marked on the map and in the table, each with the repair that the server offers. A repair
// is taken by a press and never by itself; it can be undone like anything else.

import { byId, fill, h, icon } from '../dom.js';
import { say, t } from '../texts.js';
import { calm, groups, latLng, map } from './chart.js';
import { change } from './history.js';
import { refit, remove, renumber } from './model.js';
import { on, set, state } from './state.js';
import { done } from './words.js';

const MS = 3600000;

/** Draws a mark for each fault that lies at no point of the table. */
export function start() {
  on('faults', (faults) => {
    groups.faults.clearLayers();
    for (const { at, id } of faults) {
      if (!at?.lon_ms || id) continue;
      L.circleMarker(latLng([at.lon_ms, at.lat_ms]), { pane: 'faults', radius: 9, interactive: false, className: 'fault' }).addTo(groups.faults);
    }
  });
}

/** Findings of a refused boundary, each with the id of its point where it lies at one. */
export function located(findings) {
  const points = Object.values(state.model.points);
  return findings.map((finding) => ({ ...finding, id: points.find((point) => point.lon === finding.at?.lon_ms && point.lat === finding.at?.lat_ms)?.id ?? null }));
}

const ringsMs = (rings) => rings.map((ring) => ring.slice(0, -1).map(([lon, lat]) => [Math.round(lon * MS), Math.round(lat * MS)]));
const polygonsOf = (geometry) => ({ Polygon: [geometry.coordinates], MultiPolygon: geometry.coordinates, GeometryCollection: geometry.geometries?.map((each) => each.coordinates) }[geometry.type] ?? []).map(ringsMs);
const size = ([exterior]) => Math.abs(exterior.reduce((sum, [x, y], i) => { const [u, v] = exterior[(i + 1) % exterior.length]; return sum + (x - exterior[0][0]) * (v - exterior[0][1]) - (u - exterior[0][0]) * (y - exterior[0][1]); }, 0));

/** What may be done about a fault: words for the button and the model that it makes; nothing where a person has to draw. */
export function offers(fault) {
  const model = state.model;
  if (fault.code === 'numbers.twice') return [{ words: t('editor.renumber'), make: () => renumber(model) }];
  const found = [];
  const polygons = fault.geometry ? polygonsOf(fault.geometry) : [];
  if (polygons.length && fault.code.startsWith('units.')) {
    const parcel = [model.exterior, ...model.holes].map((ring) => ring.map((id) => [model.points[id].lon, model.points[id].lat]));
    found.push({ words: fault.mend ?? t('editor.repair.take'), make: () => refit(model, parcel, polygons) });
  } else if (polygons.length === 1) {
    found.push({ words: fault.mend ?? t('editor.repair.take'), make: () => refit(model, polygons[0]) });
  } else if (polygons.length > 1) {
    const largest = polygons.reduce((a, b) => (size(b) > size(a) ? b : a));
    found.push({ words: t('editor.repair.largest', { n: polygons.length }), make: () => refit(model, largest) });
  }
  if (!found.length && fault.id && model.exterior.length > 3) found.push({ words: t('editor.repair.remove', { n: model.points[fault.id].number }), make: () => remove(model, fault.id) });
  return found;
}

function take(offer) {
  change(offer.make());
  done('editor.repaired');
}

function show(fault) {
  if (fault.id) { set('selected', fault.id); return; }
  map.panTo(latLng([fault.at.lon_ms, fault.at.lat_ms]), calm());
}

/** One fault in the shape of a finding; the same repair of several faults is offered once. */
export function card(fault, told = new Set()) {
  const buttons = offers(fault).filter((offer) => !told.has(offer.words)).map((offer) => {
    told.add(offer.words);
    return h('button', { type: 'button', class: 'btn s p', 'data-repair': fault.code, onclick: () => take(offer) }, offer.words);
  });
  const place = fault.at ? h('button', { type: 'button', class: 'btn s', onclick: () => show(fault) }, icon('map', 's'), t('page.show_on_map')) : null;
  return h('article', { class: `fc ${fault.severity === 'blocks' ? 'error' : 'question'}`, 'data-fault': fault.code }, h('h3', {}, fault.text), h('div', { class: 'row w' }, buttons, place), h('p', { class: 'xs dim' }, fault.code));
}

/** Only faults, and no answer: the boundary encloses no valid area yet. */
export function showFaults(faults) {
  const told = new Set();
  fill(byId('results'), faults.map((fault) => card(fault, told)));
  fill(byId('foot-verdict'));
  say(faults.map((fault) => fault.text).join(' '));
}
