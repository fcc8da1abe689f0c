// The page as a paper: before printing everything folded is opened, the map takes the paper's size, and a head names day and hashes.

import { byId, fill, h } from '../dom.js';
import { boot, grade, hectares, t } from '../texts.js';
import { fit, map } from './chart.js';
import { on, state } from './state.js';

let kept = null;
let before = null;

/** What the head says belongs to the report that is shown. */
export function keep(report) {
  kept = { report, at: new Date() };
  byId('print').hidden = false;
}

export function start() {
  byId('print').addEventListener('click', () => globalThis.print());
  addEventListener('beforeprint', open);
  addEventListener('afterprint', close);
  on('report', (report) => { if (!report) { kept = null; byId('print').hidden = true; } });
}

const chosen = (id) => byId(id).selectedOptions[0]?.textContent.trim() ?? '';

function head() {
  const rows = [];
  const add = (code, value) => rows.push(h('dt', {}, t(`page.print.${code}`)), h('dd', {}, value));
  if (kept) {
    add('result', grade(kept.report.grade));
    add('day', t('page.print.day.value', { day: kept.report.today, time: `${boot.day} ${kept.at.toLocaleTimeString('en-GB')}` }));
  } else add('day', boot.day);
  if (state.draft) {
    add('area', hectares(state.draft.area_ha));
    add('hash', state.draft.hash);
  }
  add('use', [chosen('use-type'), chosen('use-mode'), t('page.fact.dates.value', { from: byId('from').value, to: byId('to').value })].join(t('page.semicolon')));
  for (const [name, code] of [['authority', 'page.foot.authority'], ['fee', 'editor.foot.fee']]) if (kept) rows.push(h('dt', {}, t(code)), h('dd', {}, byId(`foot-${name}`).textContent));
  add('rules', kept?.report.rules ?? '–');
  const sample = document.querySelector('.demo')?.textContent;
  fill(byId('print-head'), h('h1', {}, t(kept ? 'page.print.title' : 'page.print.title.none')), h('p', { class: 'sm' }, [sample, t('page.print.limits')].filter(Boolean).join(' · ')), h('dl', {}, rows));
}

function open() {
  if (before) return;
  const folded = [...document.querySelectorAll('#results details:not([open]), #legend:not([open])')];
  before = { folded, theme: document.documentElement.dataset.theme, centre: map.getCenter(), zoom: map.getZoom() };
  head();
  for (const details of folded) details.open = true;
  // Paper is white whatever the screen is.
  document.documentElement.dataset.theme = 'light';
  const frame = byId('map-panel');
  frame.style.width = '680px';
  frame.style.height = '440px';
  map.invalidateSize({ animate: false });
  if (state.draft) fit({ animate: false });
}

function close() {
  if (!before) return;
  for (const details of before.folded) details.open = false;
  if (before.theme) document.documentElement.dataset.theme = before.theme; else delete document.documentElement.dataset.theme;
  const frame = byId('map-panel');
  frame.style.removeProperty('width');
  frame.style.removeProperty('height');
  map.invalidateSize({ animate: false });
  map.setView(before.centre, before.zoom, { animate: false });
  before = null;
}
