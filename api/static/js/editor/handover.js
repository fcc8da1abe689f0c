// Where the boundary goes next: to sign-in and back, into a new case, or into the case that it belongs to. What is typed is kept in
// this browser until it has arrived, so a lost connection or an ended session takes nothing away.

import { byId, h } from '../dom.js';
import { ask, refuse } from '../portal/send.js';
import { boot, t } from '../texts.js';
import { flush, forget, keep } from './history.js';
import { asRequest } from './live.js';
import { on, state } from './state.js';

// One key for one boundary: the same request sent again after a lost answer opens no second case.
let key = crypto.randomUUID();

/** Wires the button and says beside it why one cannot go on yet. */
export function start() {
  for (const part of ['report', 'model', 'faults', 'stale']) on(part, settle);
  on('stale', (stale) => { if (stale) key = crypto.randomUUID(); });
  byId('party')?.addEventListener('change', () => { key = crypto.randomUUID(); keep(); });
  byId('hand').addEventListener('submit', (event) => { event.preventDefault(); go(); });
  settle();
}

function settle() {
  if (state.readonly) return;
  const conflicts = (state.report?.findings ?? []).filter((finding) => finding.grade === 'conflict').length;
  const ready = Boolean(state.report) && !state.stale && !lacksParty();
  const button = byId('go');
  button.setAttribute('aria-disabled', String(!ready));
  button.classList.toggle('p', ready && !conflicts);
  const why = byId('go-why');
  why.classList.toggle('errm', conflicts > 0);
  why.textContent = reason(conflicts);
}

const lacksParty = () => boot.purpose === 'new' && !byId('party');

function reason(conflicts) {
  if (lacksParty()) return t('editor.no_party');
  if (state.stale) return t('editor.go.stale');
  if (state.report) return conflicts ? t('editor.go.conflicts', { n: conflicts }) : t(`editor.go.${boot.purpose}`);
  if (state.faults.length) return t('editor.go.faults');
  return state.model?.exterior.length > 2 ? t('editor.go.unanswered') : t('editor.go.begin');
}

async function go() {
  const button = byId('go');
  if (button.getAttribute('aria-disabled') === 'true') { byId('go-why').focus(); return; }
  flush();
  if (boot.purpose === 'check') { location.assign(onward()); return; }
  button.setAttribute('aria-busy', 'true');
  try {
    const made = await send();
    forget();
    location.assign(`/cases/${made.number}/form`);
  } catch (problem) {
    refused(problem);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** Why it was not taken, in the shape of a finding; where another try may help, with a button for it. */
function refused(problem) {
  const again = problem.offline || problem.status === 503;
  refuse(byId('hand'), again ? { ...problem, offline: false, status: null } : problem);
  if (again) byId('hand').querySelector('.errsum').append(h('div', { class: 'row' }, h('button', { type: 'button', class: 'btn s', onclick: go }, t('page.again'))));
}

function send() {
  // A file is named as the source only while its boundary is the one that is handed on.
  const source = state.model.source && state.model.sourceHash === state.draft?.hash ? state.model.source : null;
  const use = { ...boot.carried, ...asRequest(), unit_uses: unitUses(), ...(source ? { source } : {}) };
  if (boot.purpose === 'new') return ask('POST', '/api/v1/cases', { template: boot.template, party: Number(byId('party').value), use }, key);
  return ask('PUT', `/api/v1/cases/${boot.case}/use`, { use, version: state.base ?? boot.version });
}

/** The next page; whoever is not signed in comes back to it after sign-in, with the boundary. */
function onward() {
  const next = `/parcels/new?${new URLSearchParams({ type: byId('use-type').value, mode: byId('use-mode').value, template: boot.template })}`;
  return boot.person ? next : `/sign-in?${new URLSearchParams({ next })}`;
}

/** The plain words of each unit's use; where none are written, those of the parcel or the name of its mode. */
function unitUses() {
  const told = byId('use-words').value.trim();
  const names = new Map(boot.modes.map((mode) => [mode.code, mode.label]));
  return state.model.units.map((unit) => (state.model.units.length > 1 && unit.use) || told || names.get(unit.mode ?? byId('use-mode').value) || '–');
}
