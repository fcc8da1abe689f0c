// The ruler of a map: a click puts a point, or Enter at the cross in the middle while the arrows move the map; Esc ends. The length is
// that of a sphere, good to look at and nothing to decide by, so it is told as about so much.

import { byId, fill, h } from './dom.js';
import { t } from './texts.js';

/** Lets the button `ruler` measure on the map; the words stand in `measure`. Gives a function that puts the ruler away. */
export function ruler(map) {
  const [button, words] = [byId('ruler'), byId('measure')];
  const drawn = L.layerGroup().addTo(map);
  let points = [];
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  const set = (on) => {
    button.setAttribute('aria-pressed', String(on));
    byId('map-panel').classList.toggle('measuring', on);
    map.doubleClickZoom[on ? 'disable' : 'enable']();
    const container = map.getContainer();
    container.setAttribute('role', on ? 'application' : 'img');
    if (on) { container.setAttribute('tabindex', '0'); container.focus(); }
    words.hidden = !on;
    points = [];
    show();
  };
  const show = () => {
    drawn.clearLayers();
    const far = points.slice(1).reduce((sum, point, order) => sum + map.distance(points[order], point), 0);
    if (points.length > 1) fill(words, t('page.ruler.long', { length: told(far), points: points.length }));
    else fill(words, t('page.ruler.hint'), h('span', { class: 'hidem' }, ' ', t('page.ruler.keys')));
    if (points.length) drawn.addLayer(L.polyline(points, { pane: 'labels', interactive: false, className: 'ruled' }));
    for (const point of points) drawn.addLayer(L.marker(point, { pane: 'labels', interactive: false, keyboard: false, icon: L.divIcon({ className: 'ruled-point', html: h('i', {}), iconSize: [0, 0] }) }));
  };
  const put = (at) => { points.push(at); show(); };
  button.addEventListener('click', () => set(!isOn()));
  map.on('click', (event) => { if (isOn()) put(event.latlng); });
  byId('map-panel').addEventListener('keydown', (event) => {
    if (!isOn()) return;
    if (event.key === 'Escape') { set(false); button.focus(); } else if (event.key === 'Enter' && event.target === map.getContainer()) put(map.getCenter());
  });
  return () => { if (isOn()) set(false); };
}

const told = (metres) => (metres < 1000 ? t('page.scale.metres', { n: Math.round(metres) }) : t('page.scale.kilometres', { n: (metres / 1000).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }) }));
