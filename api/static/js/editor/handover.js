// Where the boundary goes next: to sign-in and back, into a new case, or into the case that it belongs to.

import { byId } from '../dom.js';
import { ask, refuse } from '../portal/send.js';
import { on, state } from '../state.js';
import { boot, t } from '../texts.js';
import { forget } from './history.js';
import { asRequest } from './live.js';

const key = crypto.randomUUID();

export function start() {
  on('report', settle);
  on('model', settle);
  byId('hand').addEventListener('submit', (event) => { event.preventDefault(); go(); });
  byId('party')?.addEventListener('change', settle);
  settle();
}

/** Why one cannot go on yet stands beside the button. */
function settle() {
  const button = byId('go');
  const why = byId('go-why');
  const conflicts = (state.report?.findings ?? []).filter((finding) => finding.grade === 'conflict').length;
  const ready = Boolean(state.report) && !state.readonly;
  button.setAttribute('aria-disabled', String(!ready));
  button.classList.toggle('p', ready && !conflicts);
  why.classList.toggle('errm', conflicts > 0);
  why.textContent = !ready ? t(state.faults?.length ? 'editor.go.faults' : 'page.go.need_boundary') : conflicts ? t('editor.go.conflicts', { n: conflicts }) : t(`editor.go.${boot.purpose}`);
}

async function go() {
  const button = byId('go');
  if (button.getAttribute('aria-disabled') === 'true') { byId('go-why').focus(); return; }
  if (boot.purpose === 'check') { location.assign(boot.onward); return; }
  button.setAttribute('aria-busy', 'true');
  const use = { ...asRequest(), unit_uses: unitUses() };
  try {
    const made = boot.purpose === 'new'
      ? await ask('POST', '/api/v1/cases', { party: Number(byId('party').value), use }, key)
      : await ask('PUT', `/api/v1/cases/${boot.case}/use`, { use, version: boot.version });
    forget();
    location.assign(`/cases/${made.number}/form`);
  } catch (problem) {
    refuse(byId('hand'), problem, button);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** The plain words of each unit's use; where none are written, the name of its mode. */
function unitUses() {
  const told = byId('use-words').value.trim();
  const names = new Map(boot.modes.map((mode) => [mode.code, mode.label]));
  return state.model.units.map((unit) => told || names.get(unit.mode ?? byId('use-mode').value) || '–');
}
