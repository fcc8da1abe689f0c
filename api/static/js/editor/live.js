// The check follows: a short rest after the last key or drag, an older question is given up, the answer in words stands beside the map.

import { post } from '../api.js';
import { byId, fill, h, icon } from '../dom.js';
import * as findings from '../findings.js';
import * as paper from '../paper.js';
import { on, set, state } from '../state.js';
import { boot, t } from '../texts.js';
import * as use from '../use.js';
import { change } from './history.js';
import { fromGeometry, isClosed, remove, toBoundary, untangle } from './model.js';
import { showShore } from './table.js';

// Long enough that typing a figure asks once, short enough to feel at once.
const REST_MS = 120;
let timer = null;
let running = null;
let question = 0;

/** Asks whenever the boundary or the use changes. */
export function start() {
  on('model', () => ask());
  addEventListener('online', () => ask());
}

/** Asks after a rest. */
export function ask() {
  clearTimeout(timer);
  running?.abort();
  const asked = performance.now();
  document.documentElement.dataset.asked = String(asked);
  delete document.documentElement.dataset.answered;
  if (!state.model || !isClosed(state.model)) { nothing(); return; }
  timer = setTimeout(() => check(asked), REST_MS);
}

function nothing() {
  set('faults', []);
  set('draft', null);
  set('report', null);
  findings.empty();
}

async function check(asked) {
  if (!use.valid()) return;
  const mine = ++question;
  const ready = findings.waiting();
  running = new AbortController();
  try {
    const report = await post('/checks', asRequest(), { signal: running.signal });
    if (mine !== question) return;
    ready();
    answered(report, asked);
  } catch (problem) {
    if (problem.name === 'AbortError' || mine !== question) return;
    ready();
    if (problem.code === 'problems.boundary_invalid') faulty(problem);
    else findings.failed(problem, () => ask());
  } finally {
    ready();
  }
  if (mine === question) document.documentElement.dataset.answered = String(performance.now() - asked);
}

/** The use as the check and the case take it. */
export function asRequest() {
  const boundary = toBoundary(state.model);
  const mode = byId('use-mode').value;
  const units = state.model.units.map((unit) => unit.mode ?? mode);
  return { ...use.facts(), boundary, mode: units.length > 1 ? units : units[0] ?? mode, origin: state.model.origin };
}

function answered(report, asked) {
  set('faults', []);
  set('draft', { ...report.geometry, origin: state.model.origin });
  set('report', report);
  findings.show(report, performance.now() - asked);
  paper.keep(report);
  showShore(report);
  const authority = report.findings.find((finding) => finding.code.startsWith('authority.'));
  byId('foot-authority').textContent = authority ? authority.text : '–';
  byId('foot-fee').textContent = report.fee ? report.fee.text : t('page.fee.unknown');
  const term = report.findings.find((finding) => finding.code.startsWith('term.'));
  byId('foot-term').textContent = term ? term.text : '–';
}

/** Faults of the ring at their points, each with the repair that a person may accept. */
function faulty(problem) {
  const faults = problem.findings.map((finding) => ({ ...finding, id: pointAt(finding.at) }));
  set('report', null);
  set('draft', null);
  set('faults', faults);
  byId('health').hidden = false;
  fill(byId('health'), h('div', { class: 'row sp' }, h('span', { class: 'b sm' }, t('page.health')), h('span', { class: 'xs bad row' }, icon('conflict', 's'), t('editor.faults', { n: faults.length }))));
  findings.faults(faults, repairs);
}

function pointAt(at) {
  if (!at) return null;
  return Object.values(state.model.points).find((point) => point.lon === at.lon_ms && point.lat === at.lat_ms)?.id ?? null;
}

/** What may be offered for a fault: a way to another model, never taken by itself. */
function repairs(fault) {
  const offers = [];
  if (['ring.crosses_itself', 'ring.tangled', 'ring.cuts_through'].includes(fault.code)) {
    const made = untangle(state.model);
    if (made !== state.model) offers.push({ words: t('editor.repair.untangle'), take: () => change(made) });
  }
  if (fault.id && state.model.exterior.length > 3) offers.push({ words: t('editor.repair.remove', { n: state.model.points[fault.id].number }), take: () => change(remove(state.model, fault.id)) });
  return offers;
}

/** The reader takes the remedy's boundary; it can be undone. */
export function adopt(geometry) {
  const before = state.model;
  const made = fromGeometry({ ...geometry, origin: before.origin });
  if (made.units.length === 1) made.units[0].mode = before.units[0]?.mode ?? null;
  change(made);
}

export { boot };
