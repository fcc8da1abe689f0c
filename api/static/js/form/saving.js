// The form saves itself: changed fields go out together, one request at a time, with the version that was read. Nothing is dropped
// before the server has said that it has it; where somebody else was first, each field that both changed is shown with both values.

import { boot, say, t } from '../texts.js';
import { ask } from '../portal/send.js';
import { toast } from '../portal/toast.js';
import { fieldOf, fields, inWords, labelOf, same, show, valueOf } from './controls.js';
import { differ, settled } from './differences.js';
import { read, write } from './kept.js';
import { refresh } from './refresh.js';

const REST_MS = 400;
const AGAIN_MS = 4000;
const form = boot.form;
const address = `${boot.api}/cases/${form.case}/form`;
let pending = read();
let running = null;
let timer = null;
let open = true;

/** Takes over the fields: brings back what had not arrived, and saves whatever is changed. */
export function start() {
  for (const [name, { value }] of Object.entries(pending)) { const field = fieldOf(name); if (field) show(field, value); }
  if (Object.keys(pending).length) soon(0);
  addEventListener('online', () => soon(0));
}

const baseOf = (field) => JSON.parse(field.dataset.base);

/** Writes down what a field holds now; `send` when it was left. */
export function note(field, send) {
  const name = field.dataset.field;
  const value = valueOf(field);
  const base = pending[name]?.base ?? baseOf(field);
  if (same(value, base) && !running) delete pending[name];
  else pending[name] = { value, base };
  write(pending);
  if (!send && name in pending && !running) state('typing', t('portal.form.js.typing'));
  if (send && Object.keys(pending).length) { state('saving', t('portal.form.js.saving')); soon(REST_MS); }
}

function soon(after) {
  clearTimeout(timer);
  timer = setTimeout(flush, after);
}

/** Sends what is pending; resolves to whether everything has arrived. */
export async function flush() {
  clearTimeout(timer);
  if (running) { await running; }
  if (!Object.keys(pending).length) return true;
  running = send();
  try { await running; } finally { running = null; }
  if (Object.keys(pending).length && open) soon(AGAIN_MS);
  return !Object.keys(pending).length;
}

async function send() {
  const sent = { ...pending };
  state('saving', t('portal.form.js.saving'));
  try {
    const answers = Object.fromEntries(Object.entries(sent).map(([name, { value }]) => [name, value]));
    const answer = await ask('PATCH', address, { answers, version: form.version });
    arrived(sent, answer);
    open = true;
  } catch (problem) {
    await refused(problem, sent);
  }
}

function arrived(sent, answer) {
  form.version = answer.version;
  for (const [name, { value }] of Object.entries(sent)) {
    const field = fieldOf(name);
    if (field) field.dataset.base = JSON.stringify(value);
    if (same(pending[name]?.value, value)) delete pending[name];
    else if (pending[name]) pending[name].base = value;
  }
  write(pending);
  const at = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' });
  state('saved', t('portal.form.js.saved', { at }));
  for (const told of answer.fields) { const field = fieldOf(told.name); if (field && !field.closest('dl')) field.hidden = !told.applies; }
  return refresh();
}

async function refused(problem, sent) {
  open = problem.offline || problem.status === 503 || problem.status >= 500;
  if (problem.offline) { state('kept', t('portal.form.js.offline')); return; }
  if (problem.status === 401) { state('kept', t('portal.form.js.sign_in'), `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`); return; }
  if (problem.code === 'case.changed_meanwhile') { await meanwhile(sent); return; }
  state('kept', problem.title ?? t('portal.form.js.kept'));
  say(`${problem.title ?? ''} ${problem.detail ?? ''}`);
  for (const finding of problem.findings ?? []) drop(finding.field);
}

function drop(name) {
  const field = name && fieldOf(name);
  if (field) field.querySelector(`[id^="says-"]`).textContent = t('portal.form.js.refused');
}

/** Somebody else was first: what both changed is shown with both values, everything else goes on as it is. */
async function meanwhile(sent) {
  let now;
  try { now = await ask('GET', address); } catch { state('kept', t('portal.form.js.kept')); open = true; return; }
  form.version = now.version;
  const theirs = Object.fromEntries(now.fields.map((field) => [field.name, field.answer]));
  for (const [name, { value, base }] of Object.entries(sent)) {
    const standing = theirs[name]?.value ?? null;
    if (same(standing, value)) delete pending[name];
    else if (!same(standing, base)) both(name, value, theirs[name]);
  }
  others(theirs);
  write(pending);
  open = true;
  if (Object.keys(pending).length) soon(0);
  else { if (!document.querySelector('[data-differs]')) state('saved', t('portal.form.js.all')); await refresh(); }
}

/** Two values of one field: it waits for a choice and is not sent meanwhile. */
function both(name, value, answer) {
  const standing = answer?.value ?? null;
  const field = fieldOf(name);
  delete pending[name];
  state('kept', t('portal.form.js.choose'));
  if (!field) return;
  field.dataset.base = JSON.stringify(standing);
  differ({
    field, who: answer?.entered_by ?? t('portal.form.js.somebody'), at: answer?.entered_at, mine: value, theirs: standing,
    take: (chosen) => { show(field, chosen); settled(name); chose(name, chosen, standing); },
  });
}

function chose(name, chosen, standing) {
  if (same(chosen, standing)) { state('saved', t('portal.form.js.all')); refresh(); return; }
  pending[name] = { value: chosen, base: standing };
  write(pending);
  state('saving', t('portal.form.js.saving'));
  soon(0);
}

/** What others changed and nobody changed here is shown as it stands now. */
function others(theirs) {
  for (const field of fields()) {
    const name = field.dataset.field;
    const standing = theirs[name]?.value ?? null;
    if (!(name in theirs) || name in pending || same(standing, baseOf(field)) || field.contains(document.activeElement)) continue;
    field.dataset.base = JSON.stringify(standing);
    show(field, standing);
    toast(t('portal.form.js.other', { who: theirs[name]?.entered_by ?? t('portal.form.js.somebody'), label: labelOf(field), value: inWords(field, standing) }));
  }
}

function state(name, words, link = null) {
  for (const place of document.querySelectorAll('[data-saved]')) {
    place.dataset.state = name;
    const told = place.querySelector('[data-saved-words]');
    if (!link) { told.textContent = words; continue; }
    const way = document.createElement('a');
    way.href = link;
    way.textContent = words;
    told.replaceChildren(way);
  }
}
