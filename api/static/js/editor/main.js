// Starts the editor: one boundary in two views, the check that follows it, and the way on.

import * as chart from '../chart.js';
import { byId } from '../dom.js';
import * as findings from '../findings.js';
import * as intake from '../intake.js';
import * as paper from '../paper.js';
import { on, set, state } from '../state.js';
import { boot } from '../texts.js';
import * as twin from '../twin.js';
import * as use from '../use.js';
import * as drawing from './drawing.js';
import * as handles from './handles.js';
import * as handover from './handover.js';
import * as history from './history.js';
import * as live from './live.js';
import { fromGeometry } from './model.js';
import { useShore } from './snapping.js';
import * as table from './table.js';
import * as units from './units.js';
import { done } from './words.js';

state.readonly = boot.readonly === true;
if (matchMedia('(max-width: 1180px), (max-height: 640px)').matches) byId('legend').open = false;
table.start();
units.start();
findings.start((geometry) => { live.adopt(geometry); done('editor.adopted'); });
paper.start();
twin.start();
use.start(() => live.ask());
intake.start((geometry) => history.change(fromGeometry(geometry), { fit: true }));
handover.start();
byId('undo').addEventListener('click', history.undo);
byId('redo').addEventListener('click', history.redo);
on('model', () => { const can = history.can(); byId('undo').disabled = !can.undo; byId('redo').disabled = !can.redo; });
addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches?.('input:not(.cell), textarea')) return;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) { event.preventDefault(); history.undo(); }
  else if (key === 'y' || (key === 'z' && event.shiftKey)) { event.preventDefault(); history.redo(); }
});
chart.start(useShore).then(begin).catch((problem) => { byId('in-view').textContent = problem.title ?? ''; document.documentElement.dataset.idle = 'failed'; });

/** What stands first: what was kept here, else the boundary of the case, else nothing. */
function begin() {
  handles.start();
  drawing.start();
  live.start();
  const kept = history.start(boot.case ?? 'new');
  if (!kept && boot.geometry) set('model', { ...fromGeometry(boot.geometry), fit: true });
  else if (kept) set('model', { ...state.model, fit: true });
  table.showLayers();
  document.documentElement.dataset.idle = 'true';
}
