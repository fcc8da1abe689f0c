// The map of a version: its zones, and what publishing would change once that has been worked out.

import { get } from '../api.js';
import { byId, fill, h, swatch } from '../dom.js';
import { drawGraticule, drawGround, drawScale } from '../ground.js';
import { boot, say, t } from '../texts.js';

const map = globalThis.haiyuMap;
['ground', 'areas', 'zones', 'changes', 'labels'].forEach((name, order) => { map.createPane(name).style.zIndex = 300 + order * 10; });
const zones = L.geoJSON(boot.zones, { pane: 'zones', style: { className: 'zone' }, pointToLayer: (feature, at) => L.circleMarker(at, { pane: 'zones', radius: 5, className: 'zone' }), onEachFeature: (feature, layer) => { layer.bindTooltip(() => note([feature.properties.name, t(`page.effect.${feature.properties.effect}`)]), { className: 'note', sticky: true }); } });
const calm = () => ({ animate: !matchMedia('(prefers-reduced-motion: reduce)').matches, duration: 0.32 });
const home = boot.zones.features.length ? zones.getBounds().pad(0.1) : map.getBounds();

map.fitBounds(home, { animate: false });
drawGraticule(map);
drawScale(map);
zones.addTo(map);
byId('zoom-in').addEventListener('click', () => map.zoomIn());
byId('zoom-out').addEventListener('click', () => map.zoomOut());
byId('zoom-fit').addEventListener('click', () => map.fitBounds(home, calm()));
legend([]);
still();
Promise.all([get('/ground').then((ground) => drawGround(map, ground)), byId('changes') ? changes() : null])
  .catch((problem) => say(problem.title)).finally(() => { document.documentElement.dataset.idle = 'true'; });

function note(lines) {
  return h('div', {}, lines.filter(Boolean).map((line, index) => h('div', { class: index ? 'mut' : 'b' }, line)));
}

/** Draws what the table beside tells: from the same address, so that both agree. */
async function changes() {
  const told = await get(`${boot.at.replace(boot.api, '')}/changes`);
  L.geoJSON(told, { pane: 'changes', style: (feature) => ({ className: feature.properties.change }), onEachFeature: (feature, layer) => {
    const p = feature.properties;
    layer.bindTooltip(() => note([p.code, t(`portal.zones.change.${p.change}`), `${t(`page.effect.${p.before}`)} → ${t(`page.effect.${p.after}`)}`]), { className: 'note', sticky: true });
  } }).addTo(map);
  legend([...new Set(told.features.map((feature) => feature.properties.change))]);
  still();
}

function legend(found) {
  fill(byId('legend'), h('li', {}, swatch('zone'), t('portal.zones.legend.zone')), found.map((name) => h('li', {}, swatch(name), t(`portal.zones.change.${name}`))));
}

/** The table is the way by keyboard. */
function still() {
  for (const path of document.querySelectorAll('.leaflet-container path.leaflet-interactive')) path.setAttribute('tabindex', '-1');
}

document.addEventListener('htmx:responseError', (event) => { if (event.detail.target?.id === 'changes') broken(); });
document.addEventListener('htmx:sendError', (event) => { if (event.detail.target?.id === 'changes') broken(); });

function broken() {
  const again = h('button', { class: 'btn s', type: 'button', onclick: () => byId('changes').dispatchEvent(new Event('again')) }, t('portal.zones.changes.again'));
  fill(byId('changes'), h('div', { class: 'fc error', role: 'alert' }, h('h3', {}, t('portal.zones.changes.broken')), h('div', { class: 'row w' }, again)));
}
