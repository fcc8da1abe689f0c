// The boundary while it is edited: points by id, rings of ids, units that share them. Pure: every change answers a new model.
// Whole milliseconds of arc, longitude before latitude; numbers stay as they came, a new point takes the next free one.

/** An empty model. */
export const empty = () => ({ points: {}, exterior: [], holes: [], units: [], origin: 'cgcs2000', next: 1 });

/** The model of a geometry as the server told it; units by the numbers of their points ("1-2-3-1;7-8-9-7"). */
export function fromGeometry(geometry) {
  const points = {};
  const at = new Map();
  const byNumber = new Map();
  geometry.points.forEach((point, order) => {
    const id = `p${order + 1}`;
    points[id] = { id, number: point.number, lon: point.lon_ms, lat: point.lat_ms };
    at.set(`${point.lon_ms},${point.lat_ms}`, id);
    byNumber.set(String(point.number), id);
  });
  const ring = (places) => places.map(([lon, lat]) => at.get(`${lon},${lat}`));
  const units = geometry.units.map((unit) => ({ mode: unit.mode ?? null, use: unit.use ?? '', rings: unit.ring.split(';').map((told) => told.split('-').slice(0, -1).map((number) => byNumber.get(number))) }));
  return { points, exterior: ring(geometry.exterior), holes: geometry.holes.map(ring), units: units.length > 1 ? units : [{ mode: units[0]?.mode ?? null, use: units[0]?.use ?? '', rings: null }], origin: geometry.origin ?? 'cgcs2000', next: geometry.points.length + 1 };
}

/** The boundary as the interface takes it. */
export function toBoundary(model) {
  const place = (id) => [model.points[id].lon, model.points[id].lat];
  const number = (id) => model.points[id].number;
  const notation = (rings) => rings.map((ring) => [...ring, ring[0]].map(number).join('-')).join(';');
  const units = model.units.length > 1 ? model.units.map((unit) => ({ ring: notation(unit.rings) })) : [];
  return { exterior: model.exterior.map(place), holes: model.holes.map((ring) => ring.map(place)), units, points: inOrder(model).map((point) => ({ number: point.number, lon_ms: point.lon, lat_ms: point.lat })) };
}

/** Points in ring order: the exterior, then holes, then what only units have. */
export function inOrder(model) {
  const ids = [...model.exterior, ...model.holes.flat(), ...model.units.flatMap((unit) => (unit.rings ?? []).flat())];
  return [...new Set(ids)].map((id) => model.points[id]);
}

export const isClosed = (model) => model.exterior.length >= 3;

const copy = (model) => structuredClone(model);
const rings = (model) => [model.exterior, ...model.holes, ...model.units.flatMap((unit) => unit.rings ?? [])];

function newPoint(model, lon, lat) {
  const id = `p${model.next}`;
  const number = Math.max(0, ...Object.values(model.points).map((point) => point.number)) + 1;
  model.next += 1;
  model.points[id] = { id, number, lon, lat };
  return id;
}

/** A point at another place; everything that has it follows. */
export function move(model, id, lon, lat) {
  const made = copy(model);
  Object.assign(made.points[id], { lon, lat });
  return made;
}

/** One more point at the end of the exterior, as one draws. */
export function append(model, lon, lat) {
  const made = copy(model);
  made.exterior.push(newPoint(made, lon, lat));
  if (!made.units.length) made.units = [{ mode: null, use: '', rings: null }];
  return made;
}

/** A point on the edge from `id` to the one after it, in every ring that runs along that edge. */
export function insertAfter(model, id, lon, lat) {
  const made = copy(model);
  const home = rings(made).find((ring) => ring.includes(id));
  if (!home) return model;
  const after = home[(home.indexOf(id) + 1) % home.length];
  const fresh = newPoint(made, lon, lat);
  for (const ring of rings(made)) {
    for (let at = 0; at < ring.length; at++) {
      const next = ring[(at + 1) % ring.length];
      if ((ring[at] === id && next === after) || (ring[at] === after && next === id)) { ring.splice(at + 1, 0, fresh); break; }
    }
  }
  return made;
}

/** Without a point; a hole or unit that keeps fewer than three points goes with it. */
export function remove(model, id) {
  const made = copy(model);
  for (const ring of rings(made)) { const at = ring.indexOf(id); if (at >= 0) ring.splice(at, 1); }
  delete made.points[id];
  made.holes = made.holes.filter((ring) => ring.length > 2);
  made.units = made.units.filter((unit) => !unit.rings || unit.rings[0].length > 2);
  if (made.units.length === 1) made.units[0].rings = null;
  return made;
}

/** Numbers 1, 2, 3 … in ring order. */
export function renumber(model) {
  const made = copy(model);
  inOrder(made).forEach((point, order) => { point.number = order + 1; });
  return made;
}

/** A unit cut in two along the straight line between two of its points; the model itself where that is no cut. */
export function split(model, unit, from, to) {
  const made = copy(model);
  const ring = made.units[unit]?.rings?.[0] ?? made.exterior;
  const [a, b] = [ring.indexOf(from), ring.indexOf(to)].sort((one, other) => one - other);
  if (a < 0 || b - a < 2 || (a === 0 && b === ring.length - 1)) return model;
  const first = ring.slice(a, b + 1);
  const second = [...ring.slice(b), ...ring.slice(0, a + 1)];
  const rest = made.units[unit]?.rings?.slice(1) ?? made.holes.map((hole) => [...hole]);
  const was = made.units[unit] ?? { mode: null, use: '' };
  made.units.splice(unit, 1, { ...was, rings: [first, ...rest] }, { ...was, rings: [second] });
  return made;
}

/** One unit over the whole parcel again. */
export function join(model) {
  const made = copy(model);
  const ids = new Set([...made.exterior, ...made.holes.flat()]);
  for (const id of Object.keys(made.points)) if (!ids.has(id)) delete made.points[id];
  made.units = [{ ...(made.units[0] ?? { mode: null, use: '' }), rings: null }];
  return made;
}

/** The mode or use of one unit. */
export function describe(model, unit, told) {
  const made = copy(model);
  Object.assign(made.units[unit], told);
  return made;
}

/** The exterior with the part between two crossing edges run the other way, so that they cross no more. */
export function untangle(model) {
  const ring = model.exterior;
  const place = (id) => model.points[id];
  const turn = (p, q, r) => Math.sign((q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon));
  for (let i = 0; i < ring.length - 1; i++) {
    for (let j = i + 2; j < ring.length; j++) {
      if (i === 0 && j === ring.length - 1) continue;
      const [a, b, c, d] = [ring[i], ring[i + 1], ring[j], ring[(j + 1) % ring.length]].map(place);
      if (turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b)) {
        const made = copy(model);
        made.exterior = [...ring.slice(0, i + 1), ...ring.slice(i + 1, j + 1).reverse(), ...ring.slice(j + 1)];
        return made;
      }
    }
  }
  return model;
}
