// The map of my rights, claims and drafts: shapes from the page's own boot, the list beside it as its twin.

import { get } from '../api.js';
import { byId, fill, h, swatch } from '../dom.js';
import { drawGraticule, drawGround, drawScale } from '../ground.js';
import { boot, say, t } from '../texts.js';

const map = globalThis.haiyuMap;
const PANES = ['ground', 'areas', 'rights', 'labels'];
// How a state is drawn; a claim and an application on its way are long dashes, a draft is ink.
const KIND = { right: 'right', expiring: 'expiring', frozen: 'frozen', ended: 'ended', claim: 'pending', filed: 'pending', draft: 'draft' };
const DOTS_BELOW = 12;
const shapes = new Map();
const calm = () => ({ animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 });

PANES.forEach((name, order) => { map.createPane(name).style.zIndex = 300 + order * 10; });
map.fitBounds(boot.home, { animate: false, padding: [40, 40], maxZoom: 15 });
drawGraticule(map);
drawScale(map);
byId('zoom-in').addEventListener('click', () => map.zoomIn());
byId('zoom-out').addEventListener('click', () => map.zoomOut());
byId('zoom-fit').addEventListener('click', () => map.fitBounds(boot.home, { padding: [40, 40], maxZoom: 15, ...calm() }));
draw();
dots();
legend();
document.querySelectorAll('[data-swatch]').forEach((mark) => fill(mark, swatch(KIND[mark.dataset.swatch])));
document.querySelectorAll('[data-show]').forEach((button) => button.addEventListener('click', () => show(button.dataset.show)));
get('/ground').then((ground) => drawGround(map, ground)).catch((problem) => say(problem.title)).finally(() => { document.documentElement.dataset.idle = 'true'; });

/** Every shape once, with its name as text. */
function draw() {
  L.geoJSON(boot.mine, { pane: 'rights', style: (feature) => ({ className: KIND[feature.properties.state] }), onEachFeature: (feature, layer) => {
    shapes.set(feature.id, layer);
    layer.bindTooltip(() => h('div', {}, h('div', { class: 'b' }, feature.properties.name ?? ''), h('div', { class: 'mut' }, t(`portal.mine.state.${feature.properties.state}`))), { className: 'note', sticky: true });
    layer.on('click', () => mark(feature.id));
  } }).addTo(map);
  // The list is the way by keyboard.
  for (const path of document.querySelectorAll('.leaflet-container path.leaflet-interactive')) path.setAttribute('tabindex', '-1');
}

/** Far away a parcel would be smaller than a hair: it becomes a dot (interface guide §6). */
function dots() {
  const group = L.layerGroup(boot.mine.features.map((feature) => L.circleMarker(shapes.get(feature.id).getBounds().getCenter(), { pane: 'rights', radius: 4, interactive: false, className: `${KIND[feature.properties.state]} dot` })));
  const settle = () => { if (map.getZoom() < DOTS_BELOW) group.addTo(map); else group.remove(); };
  map.on('zoomend', settle);
  settle();
}

function legend() {
  const states = [...new Set(boot.mine.features.map((feature) => feature.properties.state))];
  fill(byId('legend'), states.map((state) => h('li', {}, swatch(KIND[state]), t(`portal.mine.state.${state}`), ' ',
    h('span', { class: 'mut num' }, String(boot.mine.features.filter((feature) => feature.properties.state === state).length)))));
}

/** Goes to a row's shape; the map comes into view. */
function show(id) {
  map.fitBounds(shapes.get(id).getBounds().pad(1), { maxZoom: 16, ...calm() });
  map.getContainer().scrollIntoView({ block: 'nearest' });
  mark(id);
}

function mark(id) {
  shapes.forEach((layer, name) => layer.getElement()?.classList.toggle('on', name === id));
  document.querySelectorAll('[data-row]').forEach((row) => row.classList.toggle('waits', row.dataset.row === id));
}
