// The legend shows only what is in view, in drawing order, with its count; each entry switches its drawing on and off.

import { byId, fill, h, swatch } from '../dom.js';
import { t } from '../texts.js';
import { rightState } from './chart.js';

const GRADES = ['conflict', 'needs_consent', 'within_tolerance', 'compatible', 'touching'];
const hidden = new Set();

function entry(kind, count, classes) {
  const shown = !hidden.has(kind);
  const toggle = (event) => {
    if (event.target.checked) hidden.delete(kind); else hidden.add(kind);
    apply(classes, !event.target.checked);
  };
  apply(classes, !shown);
  return h('li', {}, h('label', {}, h('input', { type: 'checkbox', checked: shown, onchange: toggle }), swatch(kind), h('span', {}, t(`page.legend.${kind}`)), h('span', { class: 'count' }, String(count))));
}

function apply(classes, away) {
  for (const path of document.querySelectorAll(`.leaflet-container path.${classes}`)) path.toggleAttribute('hidden', away);
}

/** Fills the legend from what is drawn now. */
export function legend(inView, state) {
  const items = [];
  if (state.model?.exterior.length) items.push(entry('draft', 1, 'draft'));
  if (state.report?.remedy?.geometry) items.push(entry('rest', 1, 'rest'));
  for (const word of GRADES) {
    const count = (state.report?.findings ?? []).filter((finding) => finding.grade === word && finding.geometry).length;
    if (count) items.push(entry(word, count, `hit.${word}`));
  }
  for (const kind of ['right', 'pending', 'expiring', 'ended']) {
    const count = inView.rights.filter((feature) => rightState(feature.properties) === kind).length;
    if (count) items.push(entry(kind, count, kind));
  }
  if (inView.zones.length) items.push(entry('zone', inView.zones.length, 'zone'));
  items.push(h('li', {}, h('span', {}, swatch('sea'), t('page.legend.sea'))), h('li', {}, h('span', { class: 'dim' }, t('page.legend.tints'))));
  fill(byId('legend').querySelector('ul'), items);
}
