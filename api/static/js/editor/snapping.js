// Points that are drawn or dragged take the exact milliseconds of a neighbour's point, the nearest place of the grid on the outer
// side of a neighbour's edge, or the shoreline, where they come close to it. Only what the public register and the ground show.

import { state } from './state.js';

const POINT_PX = 12;
const EDGE_PX = 8;
const AROUND_PX = 100;
let shore = [];
let rights = [];
let wanted = true;

/** The land of the ground, once it is there. */
export function useShore(features) {
  shore = features.filter((feature) => feature.properties.kind === 'land').flatMap((feature) => ringsOf(feature.geometry));
}

/** The rights that are in view. */
export function useRights(features) {
  rights = features.flatMap((feature) => ringsOf(feature.geometry));
}

/** Whether points snap; the switch on the map. */
export const wants = (value = wanted) => { wanted = value; return wanted; };

const MS = 3600000;
const ringsOf = (geometry) => ({ Polygon: [geometry.coordinates], MultiPolygon: geometry.coordinates }[geometry.type] ?? []).flat();
// GeoJSON of the register bears nine decimals of a degree: every whole millisecond comes back from it exactly.
const exact = ([lon, lat]) => ({ lon: Math.round(lon * MS), lat: Math.round(lat * MS) });

/** What a place snaps to: {lon, lat, kind: 'point' | 'edge' | 'shore', side}; null where nothing is near. `self` is the point that is moved. */
export function near(map, latlng, self = null) {
  if (!wanted) return null;
  const at = map.latLngToContainerPoint(latlng);
  return nearest(map, at, around(map, at, rights), 'point', 'edge') ?? own(map, at, self) ?? nearest(map, at, around(map, at, shore), 'shore', 'shore');
}

/** Of long lines only what lies about the place: a shoreline has tens of thousands of points. */
function around(map, at, rings) {
  const [a, b] = [map.containerPointToLatLng([at.x - AROUND_PX, at.y + AROUND_PX]), map.containerPointToLatLng([at.x + AROUND_PX, at.y - AROUND_PX])];
  const found = [];
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [p, q] = [ring[i - 1], ring[i]];
      if (Math.max(p[0], q[0]) < a.lng || Math.min(p[0], q[0]) > b.lng || Math.max(p[1], q[1]) < a.lat || Math.min(p[1], q[1]) > b.lat) continue;
      found.push({ p, q, ring });
    }
  }
  return found;
}

/** One's own other points: a ring is closed and a unit joined exactly. */
function own(map, at, self) {
  for (const point of Object.values(state.model?.points ?? {})) {
    if (point.id === self) continue;
    if (map.latLngToContainerPoint([point.lat / MS, point.lon / MS]).distanceTo(at) <= POINT_PX / 2) return { lon: point.lon, lat: point.lat, kind: 'own', side: null };
  }
  return null;
}

function nearest(map, at, edges, pointKind, edgeKind) {
  let best = null;
  const offer = (far, found) => { if (!best || far < best.far) best = { far, ...found }; };
  const pixel = ([lon, lat]) => map.latLngToContainerPoint([lat, lon]);
  for (const { p, q, ring } of edges) {
    for (const place of [p, q]) {
      const far = pixel(place).distanceTo(at);
      if (far <= POINT_PX) offer(far, { ...exact(place), kind: pointKind, ring });
    }
  }
  if (!best) {
    for (const { p, q, ring } of edges) {
      const foot = footOf(pixel(p), pixel(q), at);
      if (foot && foot.far <= EDGE_PX) offer(foot.far, { ...outside(exact(p), exact(q), foot.share, ring), kind: edgeKind, ring });
    }
  }
  if (!best) return null;
  const { lon, lat, kind, ring } = best;
  return { lon, lat, kind, side: kind === 'shore' ? null : sideOf(ring, { lon, lat }) };
}

function footOf(p, q, at) {
  const [dx, dy] = [q.x - p.x, q.y - p.y];
  const share = ((at.x - p.x) * dx + (at.y - p.y) * dy) / (dx * dx + dy * dy || 1);
  if (share <= 0 || share >= 1) return null;
  return { share, far: Math.hypot(at.x - p.x - share * dx, at.y - p.y - share * dy) };
}

/** The place of the grid nearest to the foot that does not lie inside the neighbour: a strip of one millisecond would be an overlap. */
function outside(p, q, share, ring) {
  const foot = { lon: p.lon + share * (q.lon - p.lon), lat: p.lat + share * (q.lat - p.lat) };
  const turn = ring.reduce((sum, [x, y], i) => { const [u, v] = ring[(i + 1) % ring.length]; return sum + (x - ring[0][0]) * (v - ring[0][1]) - (u - ring[0][0]) * (y - ring[0][1]); }, 0);
  const places = [];
  for (const lon of new Set([Math.floor(foot.lon), Math.ceil(foot.lon)])) for (const lat of new Set([Math.floor(foot.lat), Math.ceil(foot.lat)])) places.push({ lon, lat });
  const inwards = ({ lon, lat }) => ((q.lon - p.lon) * (lat - p.lat) - (q.lat - p.lat) * (lon - p.lon)) * Math.sign(turn);
  const away = ({ lon, lat }) => Math.hypot(lon - foot.lon, lat - foot.lat);
  const free = places.filter((place) => inwards(place) <= 0);
  return (free.length ? free : places).reduce((a, b) => (away(b) < away(a) ? b : a));
}

/** The quarter of the compass in which a neighbour lies, seen from a place at its edge. */
function sideOf(ring, { lon, lat }) {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const east = ((Math.min(...xs) + Math.max(...xs)) / 2 - lon / MS) * Math.cos((lat / MS) * Math.PI / 180);
  const north = (Math.min(...ys) + Math.max(...ys)) / 2 - lat / MS;
  if (Math.abs(east) > Math.abs(north)) return east > 0 ? 'east' : 'west';
  return north > 0 ? 'north' : 'south';
}
