// The ground of the chart: land, shoreline, near-shore tints and waterlines (decoration, not depth), names, graticule and scale.

import { boot } from './texts.js';
import { byId } from './dom.js';
import { drawNames } from './names.js';

// Names of bays and villages tell where one is; closer than that, parcels have names of their own.
const NAMED = { from: 9, to: 13 };
// A bay's name gives way where counts lie on its middle: a little up or down, else beside it; never so far that bays change places.
const GIVES_WAY = [[0, 0], [0, 22], [0, -22], [68, 0], [-68, 0]];

/** Draws the coast once: wide strokes under the land make the tints and the fading waterlines. */
export function drawGround(map, collection) {
  const coast = { type: 'FeatureCollection', features: collection.features.filter((feature) => feature.properties.kind === 'land') };
  for (const name of ['near', 'nearer', 'wl', 'wl gap', 'land']) {
    L.geoJSON(coast, { pane: 'ground', interactive: false, smoothFactor: 1.2, style: { className: name } }).addTo(map);
  }
  const named = collection.features.filter((feature) => feature.properties.kind.endsWith('_name')).map(({ properties, geometry }) => ({ at: [...geometry.coordinates].reverse(), words: properties.name, className: properties.kind, ...(properties.kind === 'water_name' && { steps: GIVES_WAY }) }));
  drawNames(map, () => (map.getZoom() >= NAMED.from && map.getZoom() <= NAMED.to ? named : []));
  const areas = { type: 'FeatureCollection', features: collection.features.filter((feature) => feature.properties.kind === 'sea_area') };
  return L.geoJSON(areas, { pane: 'areas', interactive: false, style: { className: 'sea_area' } }).addTo(map);
}

const STEPS = [1 / 60, 2 / 60, 5 / 60, 10 / 60, 20 / 60, 0.5, 1, 2, 5, 10];

function degreesAndMinutes(value) {
  const minutes = Math.round(value * 60);
  return `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, '0')}′`;
}

/** Hairlines at round minutes with their names at the edge of the view; redrawn when the view rests. */
export function drawGraticule(map) {
  const group = L.layerGroup().addTo(map);
  const label = (at, text, className) => L.marker(at, { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: `grat-label ${className}`, html: text, iconSize: null, iconAnchor: [0, 0] }) });
  const redraw = () => {
    group.clearLayers();
    const bounds = map.getBounds();
    const step = STEPS.find((size) => (bounds.getEast() - bounds.getWest()) / size <= 6) ?? 20;
    const [south, north, west, east] = [bounds.getSouth(), bounds.getNorth(), bounds.getWest(), bounds.getEast()];
    const hair = { pane: 'areas', interactive: false, className: 'grat', fill: false };
    for (let lon = Math.ceil(west / step) * step; lon < east; lon += step) {
      group.addLayer(L.polyline([[south, lon], [north, lon]], hair));
      const x = map.latLngToContainerPoint([south, lon]).x + 3;
      // Left stands the scale, right the zoom: a name would lie under them.
      if (x > 150 && x < map.getSize().x - 104) group.addLayer(label(map.containerPointToLatLng([x, map.getSize().y - 46]), degreesAndMinutes(lon), 'lon'));
    }
    for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
      group.addLayer(L.polyline([[lat, west], [lat, east]], hair));
      const y = map.latLngToContainerPoint([lat, west]).y + 1;
      if (y > 70 && y < map.getSize().y - 60) group.addLayer(label(map.containerPointToLatLng([4, y]), degreesAndMinutes(lat), 'lat'));
    }
  };
  map.on('moveend resize', redraw);
  redraw();
}

/** A round length at the middle of the view, in pixels and words. */
export function drawScale(map) {
  const bar = byId('scale');
  const redraw = () => {
    const middle = map.getSize().y / 2;
    const perPixel = map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([100, middle])) / 100;
    const size = 10 ** Math.floor(Math.log10(perPixel * 110));
    const length = [5, 2, 1].map((factor) => factor * size).find((metres) => metres / perPixel <= 110) ?? size;
    bar.firstElementChild.style.width = `${length / perPixel}px`;
    const [n, unit] = length >= 1000 ? [length / 1000, 'kilometres'] : [length, 'metres'];
    bar.lastElementChild.textContent = boot.texts[`page.scale.${unit}`].replace('{n}', n);
  };
  map.on('moveend zoomend resize', redraw);
  redraw();
}
