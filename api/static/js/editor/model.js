// The boundary while it is edited: points by id, rings of ids, units that share them. Pure: every change answers a new model.
// Whole milliseconds of arc, longitude before latitude; numbers stay as they came, a new point takes the next free one.

/** An empty model. */
export const empty = () => ({ points: {}, exterior: [], holes: [], units: [], origin: 'cgcs2000', source: null, next: 1 });

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
  const idsOf = (told) => told.split('-').slice(0, -1).map((number) => byNumber.get(number));
  const units = geometry.units.map((unit) => ({ mode: unit.mode ?? null, use: unit.use ?? '', rings: unit.ring.split(';').map(idsOf) }));
  const whole = [{ mode: units[0]?.mode ?? null, use: units[0]?.use ?? '', rings: null }];
  return {
    points,
    exterior: ring(geometry.exterior),
    holes: geometry.holes.map(ring),
    units: units.length > 1 ? units : whole,
    origin: geometry.origin ?? 'cgcs2000',
    // The file that it was read from is named only as long as the boundary is still the one that was read.
    source: geometry.source ?? null,
    next: geometry.points.length + 1,
  };
}

/** The boundary as the interface takes it. */
export function toBoundary(model) {
  const place = (id) => [model.points[id].lon, model.points[id].lat];
  const number = (id) => model.points[id].number;
  const notation = (rings) => rings.map((ring) => [...ring, ring[0]].map(number).join('-')).join(';');
  const units = model.units.length > 1 ? model.units.map((unit) => ({ ring: notation(unit.rings) })) : [];
  const points = inOrder(model).map((point) => ({ number: point.number, lon_ms: point.lon, lat_ms: point.lat }));
  return { exterior: model.exterior.map(place), holes: model.holes.map((ring) => ring.map(place)), units, points };
}

/** Points in ring order: the exterior, then holes, then what only units have. */
export function inOrder(model) {
  const ids = [...model.exterior, ...model.holes.flat(), ...model.units.flatMap((unit) => (unit.rings ?? []).flat())];
  return [...new Set(ids)].map((id) => model.points[id]);
}

export const isClosed = (model) => model.exterior.length >= 3;

const copy = ({ fit, moving, ...model }) => structuredClone(model);
const rings = (model) => [model.exterior, ...model.holes, ...model.units.flatMap((unit) => unit.rings ?? [])];

function newPoint(model, lon, lat) {
  const id = `p${model.next}`;
  const number = Object.values(model.points).reduce((most, point) => Math.max(most, point.number), 0) + 1;
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
  made.holes = made.holes.filter((ring) => ring.length > 2);
  made.units = made.units.filter((unit) => !unit.rings || unit.rings[0].length > 2);
  if (made.units.length === 1) made.units[0].rings = null;
  return tidied(made);
}

/** Points that no ring has any more go. */
function tidied(made) {
  const used = new Set(rings(made).flat());
  for (const id of Object.keys(made.points)) if (!used.has(id)) delete made.points[id];
  return made;
}

/**
 * The model with other rings, as an offered repair gives them in whole milliseconds: points that stay where they are keep their numbers.
 * `parcel` is [exterior, hole…]; `units` are such lists, one for each unit, or null where the parcel is whole.
 */
export function refit(model, parcel, units = null) {
  const made = copy(model);
  const at = new Map(Object.values(made.points).map((point) => [`${point.lon},${point.lat}`, point.id]));
  const idAt = ([lon, lat]) => {
    const key = `${lon},${lat}`;
    if (!at.has(key)) at.set(key, newPoint(made, lon, lat));
    return at.get(key);
  };
  const [exterior, ...holes] = parcel.map((ring) => ring.map(idAt));
  Object.assign(made, { exterior, holes });
  if (units) made.units = units.map((told, order) => ({ mode: null, use: '', ...made.units[order], rings: told.map((ring) => ring.map(idAt)) }));
  else made.units = [{ ...(made.units[0] ?? { mode: null, use: '' }), rings: null }];
  return tidied(made);
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
  made.units = [{ ...(made.units[0] ?? { mode: null, use: '' }), rings: null }];
  return tidied(made);
}

/** The mode or use of one unit. */
export function describe(model, unit, told) {
  const made = copy(model);
  Object.assign(made.units[unit], told);
  return made;
}

/** Twice the signed area of a ring of ids, in square milliseconds: positive where it runs anticlockwise. */
export function turning(model, ring) {
  const corners = ring.map((id) => model.points[id]);
  const [{ lon, lat } = { lon: 0, lat: 0 }] = corners;
  return corners.reduce((sum, a, order) => {
    const b = corners[(order + 1) % corners.length];
    return sum + (a.lon - lon) * (b.lat - lat) - (b.lon - lon) * (a.lat - lat);
  }, 0);
}

/** The point after another in the first ring that has it, as the table and the edge lengths run. */
export function following(model, id) {
  const ring = rings(model).find((each) => each.includes(id));
  return ring ? ring[(ring.indexOf(id) + 1) % ring.length] : null;
}
