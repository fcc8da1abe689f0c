// The panel of acts: outcomes show what they need, checklist rows show their state, keys judge, and what cannot be undone asks first.

import { uploads } from './files.js';

const byId = (id) => document.getElementById(id);
const chosen = (form) => form.querySelector('[name=act]:checked') ?? form.querySelector('[name=act]');

document.querySelectorAll('form.act-form').forEach(start);
document.addEventListener('keydown', judge);

function start(form) {
  uploads(form);
  form.addEventListener('change', () => settle(form));
  settle(form);
}

/** Everything that follows from what is chosen. */
function settle(form) {
  const act = chosen(form);
  if (!act) return;
  for (const part of form.querySelectorAll('.for-act')) {
    const mine = part.dataset.for === act.value;
    part.hidden = !mine;
    part.disabled = !mine;
  }
  form.querySelector('[data-verb-button]').textContent = act.dataset.verb;
  for (const row of form.querySelectorAll('.ck')) {
    const value = row.querySelector('input:checked')?.value;
    row.classList.toggle('passed', value === 'pass');
    row.classList.toggle('failed', value === 'fail');
    row.querySelector('use').setAttribute('href', value === 'pass' ? '#i-clear' : value === 'fail' ? '#i-conflict' : '#i-pen');
  }
  for (const item of form.querySelectorAll('.item')) {
    const words = item.querySelector('textarea');
    const on = item.querySelector('input').checked;
    words.hidden = !on;
    words.disabled = !on;
    words.required = on;
  }
  confirmation(form, act);
}

function confirmation(form, act) {
  if (!act.dataset.confirmText) { delete form.dataset.confirm; return; }
  form.dataset.confirm = 'act-confirm';
  form.onsubmit = () => {
    byId('act-confirm-title').textContent = act.dataset.confirmTitle;
    byId('act-confirm-text').textContent = act.dataset.confirmText;
    byId('act-confirm').querySelector('[data-verb-button]').textContent = act.dataset.verb;
  };
}

/** Y and N judge the row in which one is, or the first that is open, and go on to the next; Ctrl Enter acts. */
function judge(event) {
  if (document.querySelector('dialog[open]')) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { (event.target.form ?? document.querySelector('form.act-form'))?.requestSubmit(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('textarea, select, input:not([type=radio]):not([type=checkbox])')) return;
  const value = { y: 'pass', n: 'fail' }[event.key.toLowerCase()];
  if (!value) return;
  const rows = [...document.querySelectorAll('.ck')];
  const open = rows.filter((row) => !row.querySelector('input:checked'));
  const row = event.target.closest?.('.ck') ?? open[0];
  if (!row) return;
  const input = row.querySelector(`input[value=${value}]`);
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const next = rows[rows.indexOf(row) + 1] ?? row;
  next.querySelector('input').focus();
}
