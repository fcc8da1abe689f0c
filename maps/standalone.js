// Draws the embedded scene: one Leaflet layer per kind, a legend that switches them, labels as text.
const scene = JSON.parse(document.getElementById('scene').textContent);
const map = globalThis.haiyuMap;
const legend = document.getElementById('legend');
scene.layers.forEach((layer, order) => {
  map.createPane(layer.kind + order).style.zIndex = 300 + order;
  const style = { color: layer.style.stroke, weight: layer.style.width, dashArray: layer.style.dash.join(' ') || null, fill: Boolean(layer.style.fill || layer.style.pattern),
    fillColor: layer.style.pattern ? `url(#p-${layer.style.pattern})` : layer.style.fill, fillOpacity: layer.style.pattern ? 1 : layer.style.opacity };
  const drawn = L.geoJSON(layer.features, { pane: layer.kind + order, style, smoothFactor: 0, onEachFeature: (feature, path) => {
    if (!feature.properties.label) return;
    const words = document.createElement('span');
    words.textContent = feature.properties.label;
    path.bindTooltip(words, { permanent: true, direction: 'center', className: 'name' });
  } }).addTo(map);
  if (layer.kind === 'land') return;
  const item = document.createElement('li');
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = true;
  box.addEventListener('change', () => { if (box.checked) drawn.addTo(map); else drawn.remove(); });
  const swatch = document.createElement('i');
  swatch.className = layer.kind;
  label.append(box, swatch, `${layer.label} ${layer.features.length}`);
  item.append(label);
  legend.append(item);
});
const [west, south, east, north] = scene.bounds;
map.fitBounds([[south, west], [north, east]], { padding: [60, 60], animate: false });
L.control.zoom({ position: 'bottomright' }).addTo(map);
L.control.scale({ imperial: false }).addTo(map);
document.documentElement.dataset.idle = 'true';
