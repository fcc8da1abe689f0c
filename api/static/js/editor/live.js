// The check follows: a single change is asked at once, changes that follow one another after a short rest; an older question is given
// up, the answer in words stands beside the map.
// `data-answered` on the page tells how many milliseconds passed from the last change to the answer on screen.

import { get, post } from '../api.js';
import { byId } from '../dom.js';
import { boot } from '../texts.js';
import * as faults from './faults.js';
import * as findings from './findings.js';
import { isClosed, toBoundary } from './model.js';
import * as paper from './paper.js';
import { on, set, state } from './state.js';
import * as use from './use.js';

// Long enough that a drag or a key held down asks once, short enough to feel at once.
const REST_MS = 150;
const TRY_AGAIN_MS = 5000;
const page = document.documentElement.dataset;
let timer = null;
let running = null;
let question = 0;

/** Asks whenever the boundary or the use changes, and when the net is back. */
export function start() {
  on('model', ask);
  addEventListener('online', ask);
}

/** Asks at once, or after a rest while changes come one upon the other. */
export function ask() {
  const single = state.readonly || !(timer || running || state.model?.moving);
  clearTimeout(timer);
  timer = null;
  running?.abort();
  running = null;
  question += 1;
  const asked = performance.now();
  performance.mark('editor:changed');
  delete page.answered;
  if (!state.model || !isClosed(state.model)) { nothing(); return; }
  set('stale', true);
  timer = setTimeout(() => check(asked), single ? 0 : REST_MS);
}

function nothing() {
  set('stale', false);
  set('faults', []);
  set('draft', null);
  set('report', null);
  findings.empty();
}

async function check(asked) {
  timer = null;
  if (!use.valid()) { set('report', null); set('stale', false); findings.waitsForUse(); page.answered = 'dates'; return; }
  const mine = question;
  const ready = findings.waiting();
  running = new AbortController();
  try {
    const told = { signal: running.signal };
    const report = state.readonly ? await get(`/cases/${boot.case}/check`, told) : await post('/checks', asRequest(), told);
    if (mine !== question) return;
    ready();
    answered(report, asked);
  } catch (problem) {
    if (problem.name === 'AbortError' || mine !== question) return;
    ready();
    refused(problem);
  } finally {
    if (mine === question) running = null;
    ready();
  }
  requestAnimationFrame(() => {
    if (mine !== question) return;
    page.answered = String(Math.round(performance.now() - asked));
    performance.measure('editor:answer', 'editor:changed');
  });
}

/** The use as the check and the case take it. */
export function asRequest() {
  const mode = byId('use-mode').value;
  const modes = state.model.units.map((unit) => unit.mode ?? mode);
  return { ...use.facts(), boundary: toBoundary(state.model), mode: modes.length > 1 ? modes : modes[0] ?? mode, origin: state.model.origin };
}

function answered(report, asked) {
  set('faults', faults.located(report.findings.filter((finding) => !finding.grade && finding.at && finding.severity === 'warns')));
  set('draft', { ...report.geometry, origin: state.model.origin });
  set('stale', false);
  set('report', report);
  findings.show(report, performance.now() - asked);
  paper.keep(report);
}

function refused(problem) {
  const inside = problem.code === 'problems.boundary_invalid';
  set('report', null);
  set('draft', null);
  set('faults', inside ? faults.located(problem.findings.filter((finding) => finding.severity === 'blocks')) : []);
  set('stale', false);
  if (inside) { faults.showFaults(state.faults); return; }
  findings.failed(problem, ask);
  if (problem.status === 429 || problem.status === 503) timer = setTimeout(ask, TRY_AGAIN_MS);
}

