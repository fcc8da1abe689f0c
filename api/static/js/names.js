// Names on the map: water in blue, land with a dot, zones inside their line. One that would lie on a control, a right or another name is
// dropped (interface guide §6); whoever looks closer finds it.

import { h } from './dom.js';

const MARGIN = 4;

/** Names that keep apart; drawn anew when the view rests and at the map's event `names`. `candidates` gives, first come first kept, `{ at: [lat, lon], words, className, steps }`: `steps` are pixels that a name may give way by. */
export function drawNames(map, candidates) {
  const group = L.layerGroup().addTo(map);
  const redraw = () => {
    group.clearLayers();
    const kept = covered(map);
    for (const each of candidates()) if (map.getBounds().contains(each.at)) place(map, group, each, kept);
  };
  map.on('moveend resize names', redraw);
  redraw();
}

/** Puts a name where the first of its steps leaves it free; takes it away where none does. */
function place(map, group, { at, words, className, steps = [[0, 0]] }, kept) {
  const name = h('span', {}, words);
  const marker = L.marker(at, { pane: 'areas', interactive: false, keyboard: false, icon: L.divIcon({ className: `map-name ${className}`, html: name, iconSize: [0, 0] }) });
  group.addLayer(marker);
  for (const [right, down] of steps) {
    name.style.margin = `${down}px 0 0 ${right}px`;
    const box = name.getBoundingClientRect();
    if (kept.some((other) => meet(box, other)) || !inside(box, map) || (className === 'water_name' && ashore(box, map))) continue;
    kept.push(box);
    return;
  }
  group.removeLayer(marker);
}

/** Whether more of a name lies on land than on water: a bay that is smaller than its name would seem to be a place ashore. */
function ashore(box, map) {
  const land = [...map.getContainer().querySelectorAll('path.land')];
  const along = [0.05, 0.28, 0.5, 0.72, 0.95].map((part) => [box.left + part * box.width, (box.top + box.bottom) / 2]);
  const dry = along.filter(([x, y]) => land.some((path) => path.isPointInFill(new DOMPoint(x, y).matrixTransform(path.getScreenCTM().inverse()))));
  return dry.length > along.length / 2;
}

/** The middle of the widest part of a shape that has room for words so wide, near its top, its middle or its foot; null where none has. */
export function roomFor(map, geometry, width, height) {
  const polygons = { Polygon: [geometry.coordinates], MultiPolygon: geometry.coordinates }[geometry.type] ?? [];
  const ring = polygons.map(([outer]) => outer).sort((a, b) => b.length - a.length)[0]?.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
  if (!ring) return null;
  const [top, foot] = [Math.min(...ring.map(({ y }) => y)), Math.max(...ring.map(({ y }) => y))];
  for (const y of [top + height, (top + foot) / 2, foot - height]) {
    const [from, to] = widest(ring, y);
    if (to - from >= width && y > top && y < foot) return map.containerPointToLatLng([(from + to) / 2, y]);
  }
  return null;
}

function widest(ring, y) {
  const crossed = ring.flatMap((b, i) => { const a = ring[(i || ring.length) - 1]; return a.y > y === b.y > y ? [] : [a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)]; }).sort((a, b) => a - b);
  let best = [0, 0];
  for (let i = 0; i + 1 < crossed.length; i += 2) if (crossed[i + 1] - crossed[i] > best[1] - best[0]) best = [crossed[i], crossed[i + 1]];
  return best;
}

const meet = (a, b) => a.left < b.right + MARGIN && b.left < a.right + MARGIN && a.top < b.bottom + MARGIN && b.top < a.bottom + MARGIN;

function inside(box, map) {
  const frame = map.getContainer().getBoundingClientRect();
  return box.left >= frame.left + MARGIN && box.right <= frame.right - MARGIN && box.top >= frame.top + MARGIN && box.bottom <= frame.bottom - MARGIN;
}

const covered = (map) => [...map.getContainer().closest('section').querySelectorAll('.fl:not([hidden]), .cell-count, .grat-label, .leaflet-rights-pane path, .map-name > span, .attr, .scale, .map-zoom, .map-scale, .map-credit')].map((element) => element.getBoundingClientRect());
