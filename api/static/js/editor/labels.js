// Where words on the map stand: outside the line they name, inside the view, clear of the controls; drawn anew when the view rests.

import { h } from '../dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const GRID = 24;
const MOST_CORNERS = 800;
const GAP = 8;
// Where a pill may stand beside the box of its overlap: right and above first, as on the sheets. LEADER is its way from that box.
const PLACES = [[1, -1], [1, 1], [-1, -1], [-1, 1], [0, -1], [0, 1], [-1, 0], [1, 0]];
const LEADER = 34;

/** Squared distance of a place to a segment, all in the same plane units. */
function toSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return (x - ax - share * dx) ** 2 + (y - ay - share * dy) ** 2;
}

function within([x, y], rings) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** Rings of a GeoJSON geometry as pixels of the present zoom; a ring of thousands of points is thinned, for words only. */
export function ringsOf(map, geometry) {
  const polygons = { Polygon: [geometry.coordinates], MultiPolygon: geometry.coordinates }[geometry.type] ?? [];
  return polygons.flat().map((ring) => {
    const step = Math.ceil(ring.length / MOST_CORNERS);
    return ring.filter((_, order) => order % step === 0).map(([lon, lat]) => { const at = map.project([lat, lon]); return [at.x, at.y]; });
  });
}

/** The place inside `rings` and outside `taken` that is farthest from any line, so that words lie on quiet ground. */
export function quietPlace(rings, taken) {
  const corners = rings.flat();
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [west, north] = [xs, ys].map((all) => all.reduce((a, b) => Math.min(a, b)));
  const [east, south] = [xs, ys].map((all) => all.reduce((a, b) => Math.max(a, b)));
  const lines = [...rings, ...taken];
  let best = { far: -1, at: [(west + east) / 2, (north + south) / 2] };
  for (let row = 1; row < GRID; row++) {
    for (let column = 1; column < GRID; column++) {
      const at = [west + ((east - west) * column) / GRID, north + ((south - north) * row) / GRID];
      if (!within(at, rings) || within(at, taken)) continue;
      let far = Infinity;
      for (const ring of lines) for (let i = 1; i < ring.length && far > best.far; i++) far = Math.min(far, toSegment(at, ring[i - 1], ring[i]));
      if (far > best.far) best = { far, at };
    }
  }
  return best.at;
}

/** The side of a corner that looks away from its parcel, as a class: the number must not lie on the draft. */
export function outward(before, at, after, anticlockwise) {
  const turn = anticlockwise ? 1 : -1;
  const unit = ([x, y]) => { const size = Math.hypot(x, y) || 1; return [x / size, y / size]; };
  const [a, b] = [unit([at[0] - before[0], at[1] - before[1]]), unit([after[0] - at[0], after[1] - at[1]])];
  const [x, y] = [turn * (a[1] + b[1]), -turn * (a[0] + b[0])];
  return `${y >= 0 ? 'n' : 's'}${x >= 0 ? 'e' : 'w'}`;
}

const shared = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/** A white pill with a leader that measures an overlap; `settle` puts it where it covers least. */
export function pill(bounds, words) {
  const path = document.createElementNS(SVG, 'path');
  const line = document.createElementNS(SVG, 'svg');
  line.setAttribute('class', 'leader');
  line.append(path);
  const box = h('span', {}, words);
  const marker = L.marker(bounds.getCenter(), { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'pill-label', html: h('div', {}, line, box), iconSize: [0, 0] }) });
  marker.settle = (map, keepClear) => {
    const view = map.getSize();
    const anchor = map.latLngToContainerPoint(bounds.getCenter());
    const away = anchor.x < 0 || anchor.y < 0 || anchor.x > view.x || anchor.y > view.y;
    const [width, height] = [box.offsetWidth || 90, box.offsetHeight || 26];
    const [nw, se] = [map.latLngToContainerPoint(bounds.getNorthWest()), map.latLngToContainerPoint(bounds.getSouthEast())];
    const tried = PLACES.map(([across, down]) => {
      const [dx, dy] = [across * ((se.x - nw.x) / 2 + LEADER), down * ((se.y - nw.y) / 2 + LEADER)];
      const wanted = { left: anchor.x + dx - (dx < 0 ? width : dx ? 0 : width / 2), top: anchor.y + dy - height / 2 };
      const left = away ? wanted.left : Math.max(GAP, Math.min(wanted.left, view.x - width - GAP));
      const top = away ? wanted.top : Math.max(GAP, Math.min(wanted.top, view.y - height - GAP));
      const rect = { left, top, right: left + width, bottom: top + height };
      return { rect, cost: keepClear.reduce((sum, each) => sum + shared(rect, each) * each.weight, 0) + Math.abs(left - wanted.left) + Math.abs(top - wanted.top) };
    });
    const { rect } = tried.reduce((a, b) => (b.cost < a.cost ? b : a));
    box.style.left = `${rect.left - anchor.x}px`;
    box.style.top = `${rect.top - anchor.y}px`;
    const end = [Math.max(rect.left, Math.min(anchor.x, rect.right)) - anchor.x, Math.max(rect.top, Math.min(anchor.y, rect.bottom)) - anchor.y];
    path.setAttribute('d', `M0 0L${end[0].toFixed(1)} ${end[1].toFixed(1)}`);
    return rect;
  };
  return marker;
}

/** Rectangles on the map, in its own pixels, that words keep clear of: the controls, and what the caller adds. */
export function controls(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll('#map-panel > .fl:not([hidden]), #map-panel > .attr')].map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left: left - frame.left, top: top - frame.top, right: right - frame.left, bottom: bottom - frame.top, weight: 5 };
  });
}
