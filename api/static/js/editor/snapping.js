// Points that are drawn or dragged take the exact milliseconds of a neighbour's point or of the shoreline where they come close to it.

import { inView } from '../chart.js';

const POINT_PX = 12;
const EDGE_PX = 8;
let shore = [];

/** The land of the ground, once it is there. */
export function useShore(features) {
  shore = features.filter((feature) => feature.properties.kind === 'land').flatMap((feature) => ringsOf(feature.geometry));
}

const ringsOf = (geometry) => ({ Polygon: [geometry.coordinates], MultiPolygon: geometry.coordinates }[geometry.type] ?? []).flat();
const ms = ([lon, lat]) => [Math.round(lon * 3600000), Math.round(lat * 3600000)];

/** Where a place snaps to: {lon, lat, kind: 'point' | 'edge' | 'shore'}; null where nothing is near. */
export function near(map, latlng) {
  const at = map.latLngToContainerPoint(latlng);
  const box = map.getBounds();
  const rights = inView.rights.flatMap((feature) => ringsOf(feature.geometry)).filter((ring) => ring.some(([lon, lat]) => box.contains([lat, lon])));
  return nearest(map, at, rights, 'point', 'edge') ?? nearest(map, at, near100(map, at), 'shore', 'shore');
}

/** Of the shoreline only what lies about the place: it has tens of thousands of points. */
function near100(map, at) {
  const [a, b] = [map.containerPointToLatLng([at.x - 100, at.y + 100]), map.containerPointToLatLng([at.x + 100, at.y - 100])];
  return shore.flatMap((ring) => runs(ring, ([lon, lat]) => lon > a.lng && lon < b.lng && lat > a.lat && lat < b.lat));
}

function runs(ring, inside) {
  const found = [];
  let run = [];
  for (const place of ring) {
    if (inside(place)) run.push(place);
    else if (run.length) { found.push(run); run = []; }
  }
  if (run.length) found.push(run);
  return found;
}

function nearest(map, at, rings, pointKind, edgeKind) {
  let best = null;
  const offer = (place, far, kind) => { if (!best || far < best.far) best = { far, kind, lon: ms(place)[0], lat: ms(place)[1] }; };
  const pixels = rings.map((ring) => ring.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon])));
  rings.forEach((ring, r) => ring.forEach((place, i) => { const far = pixels[r][i].distanceTo(at); if (far <= POINT_PX) offer(place, far, pointKind); }));
  if (best) return best;
  rings.forEach((ring, r) => {
    for (let i = 1; i < ring.length; i++) {
      const [p, q] = [pixels[r][i - 1], pixels[r][i]];
      const [dx, dy] = [q.x - p.x, q.y - p.y];
      const share = ((at.x - p.x) * dx + (at.y - p.y) * dy) / (dx * dx + dy * dy || 1);
      if (share <= 0 || share >= 1) continue;
      const far = Math.hypot(at.x - p.x - share * dx, at.y - p.y - share * dy);
      if (far <= EDGE_PX) offer([ring[i - 1][0] + share * (ring[i][0] - ring[i - 1][0]), ring[i - 1][1] + share * (ring[i][1] - ring[i - 1][1])], far, edgeKind);
    }
  });
  return best;
}
