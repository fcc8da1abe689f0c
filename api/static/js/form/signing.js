// Signing by a one-time code or by a stamped scan. The code is read by the reader's own click, here or in the messages.

import { boot, say, t } from '../texts.js';
import { ask } from '../portal/send.js';
import { toast } from '../portal/toast.js';
import { forgive } from './versions.js';

const base = `${boot.api}/cases/${boot.form.case}`;
const part = (name) => document.querySelector(name);
let message = null;

/** Takes over the buttons of the signature; `flush` saves what is typed, `after` brings the page up to date. */
export function start(flush, after) {
  const acts = { '[data-ask-code]': () => send(flush), '[data-read-code]': show, '[data-sign-code]': () => byCode(after), '[data-sign-scan]': (button) => byScan(button.dataset.signScan, after) };
  document.addEventListener('click', (event) => {
    for (const [name, does] of Object.entries(acts)) { const button = event.target.closest(name); if (button) once(button, does); }
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && event.target.id === 'code') byCode(after); });
}

async function once(button, does) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try { await does(button); } finally { button.removeAttribute('aria-busy'); }
}

async function send(flush) {
  if (!(await flush())) return;
  try {
    message = (await ask('POST', `${base}/signing`, {})).message;
    part('#code-panel').hidden = false;
    part('[data-code-shown]').textContent = '';
    wrong('');
    part('#code').focus();
  } catch (problem) { refused(problem); }
}

async function show() {
  try {
    const { one_time_code: code } = await ask('POST', `${boot.api}/messages/${message}/opened`);
    part('[data-code-shown]').textContent = t('portal.form.js.code_is', { code });
  } catch (problem) { refused(problem); }
}

async function byCode(after) {
  const code = part('#code').value.trim();
  if (!/^[0-9]{6}$/.test(code)) { wrong(t('portal.form.js.code_wrong')); return; }
  await sign({ code }, after);
}

const byScan = (scan, after) => sign({ scan }, after);

async function sign(body, after) {
  try {
    await ask('POST', `${base}/signature`, body, crypto.randomUUID());
    part('#code-panel')?.setAttribute('hidden', '');
    part('.scan')?.removeAttribute('open');
    document.activeElement?.blur();
    toast(t('portal.form.js.signed'));
    await forgive();
    await after();
    part('#signing').scrollIntoView({ block: 'nearest' });
  } catch (problem) { refused(problem, after); }
}

/** A wrong code stays at its field; what makes the code void lets a new one be asked for. */
function refused(problem, after = null) {
  const words = [problem.title, problem.detail].filter(Boolean).join(' ');
  if (part('#code-panel') && !part('#code-panel').hidden) wrong(words);
  else toast(words);
  say(words);
  if (['signing.changed_meanwhile', 'signing.expired', 'signing.none_asked'].includes(problem.code) && after) {
    part('#code-panel').hidden = true;
    toast(words);
    after();
  }
}

function wrong(words) {
  const says = part('#code-says');
  says.className = words ? 'errm' : 'hint';
  if (words) says.textContent = words;
  if (words) part('#code').setAttribute('aria-invalid', 'true');
  else part('#code').removeAttribute('aria-invalid');
  if (words) part('#code').focus();
}
