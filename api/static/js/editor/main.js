// Starts the editor: one boundary in two views, the check that follows it, and the way on.

import { byId, fill, h, icon } from '../dom.js';
import { ruler } from '../ruler.js';
import { boot, hectares, say, t } from '../texts.js';
import * as chart from './chart.js';
import * as drawing from './drawing.js';
import * as faults from './faults.js';
import * as findings from './findings.js';
import * as handles from './handles.js';
import * as handover from './handover.js';
import * as history from './history.js';
import * as hits from './hits.js';
import * as intake from './intake.js';
import * as live from './live.js';
import { fromGeometry } from './model.js';
import * as paper from './paper.js';
import { useRights, useShore, wants } from './snapping.js';
import { on, set, state } from './state.js';
import * as summary from './summary.js';
import * as table from './table.js';
import * as twin from './twin.js';
import * as units from './units.js';
import * as use from './use.js';
import { done } from './words.js';

const PHONE = matchMedia('(max-width: 720px)');
state.readonly = boot.readonly === true;
state.base = boot.version ?? null;
if (matchMedia('(max-width: 1180px), (max-height: 640px)').matches) byId('legend').open = false;
arrange();
PHONE.addEventListener('change', arrange);
table.start();
summary.start();
units.start();
findings.start(adopt);
paper.start();
twin.start();
faults.start();
use.start(() => { summary.described(); history.keep(); live.ask(); });
intake.start((geometry) => history.change({ ...fromGeometry(geometry), sourceHash: geometry.hash }, { fit: true }));
handover.start();
buttons();
keys();
on('inView', ({ rights }) => useRights(rights));
on('kept', saved);
chart.start(useShore).then(begin).catch((problem) => { byId('in-view').textContent = problem.title ?? t('page.broken'); document.documentElement.dataset.idle = 'failed'; });

/** On a phone the answer stands right below the map and the table after it; moved, not only shown there, so that reading order follows. */
function arrange() {
  const [map, left, right] = [byId('map-panel'), document.querySelector('.left'), byId('findings')];
  if (PHONE.matches) left.before(map, right); else { left.after(map); map.after(right); }
  globalThis.haiyuMap.invalidateSize({ animate: false });
}

function buttons() {
  byId('undo').addEventListener('click', undo);
  byId('redo').addEventListener('click', history.redo);
  on('model', () => { const can = history.can(); byId('undo').disabled = !can.undo; byId('redo').disabled = !can.redo; });
  byId('snap')?.addEventListener('click', () => {
    const is = wants(!wants());
    byId('snap').setAttribute('aria-pressed', String(is));
    say(t(is ? 'editor.snap.on' : 'editor.snap.off'));
  });
}

function keys() {
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || state.readonly) return;
    const field = event.target;
    // A field in which something is being typed has its own undo.
    if (field.matches?.('textarea, input:not([type=checkbox])') && !(field.matches('.cell') && field.value === field.dataset.shown)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) { event.preventDefault(); undo(); }
    else if (key === 'y' || (key === 'z' && event.shiftKey)) { event.preventDefault(); history.redo(); }
  });
}

/** What was refused was typed last: it goes first. */
function undo() { if (!table.forgetRefused()) history.undo(); }

/** The reader takes the remedy's boundary; it can be undone. */
function adopt(geometry) {
  const before = state.model;
  const made = fromGeometry({ ...geometry, origin: before.origin });
  if (made.units.length === 1) made.units[0] = { ...made.units[0], mode: before.units[0]?.mode ?? null, use: before.units[0]?.use ?? '' };
  history.change(made);
  done('page.toast.adopted', { area: hectares(geometry.area_ha) });
}

/** Who measures does not draw, and who draws does not measure: each puts the other away before it begins. */
function measuring() {
  byId('ruler').addEventListener('click', drawing.end);
  const putAway = ruler(chart.map);
  for (const button of document.querySelectorAll('[data-draw]')) button.addEventListener('click', putAway);
}

/** What stands first: what was kept here, else the boundary of the case, else nothing. */
function begin() {
  hits.start();
  handles.start();
  measuring();
  if (!state.readonly) drawing.start();
  live.start();
  findings.empty();
  const kept = state.readonly ? null : history.start(boot.keep, use.told, boot.keep_from);
  const own = boot.geometry ? fromGeometry(boot.geometry) : null;
  if (kept) {
    use.restore(kept.use);
    use.asked(boot.asked);
    state.base = boot.version ?? null;
    if (own && kept.base !== null && kept.base !== boot.version) elsewhere(own);
    set('model', { ...kept.model, fit: kept.model.exterior.length > 0 });
    if (own) say(t('editor.kept.back'));
  } else if (own) set('model', { ...own, fit: true });
  summary.described();
  document.documentElement.dataset.idle = 'true';
}

/** The case was changed in another place since: both stand, and the reader chooses. */
function elsewhere(own) {
  const line = byId('elsewhere');
  line.hidden = false;
  fill(line, icon('warn', 's'), h('span', {}, t('editor.elsewhere')), h('button', { type: 'button', class: 'btn s', onclick: () => { line.hidden = true; history.change(own, { fit: true }); done('editor.elsewhere.taken'); } }, t('editor.elsewhere.take')));
}

function saved(at) {
  const line = byId('saved');
  if (!line) return;
  fill(line, icon(at ? 'clear' : 'warn', 's'), at ? t('editor.saved', { time: at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }) }) : t('editor.saved.not'));
}
