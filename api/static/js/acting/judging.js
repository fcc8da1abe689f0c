// The rows of a checklist: what was judged shows it, what failed asks why, and the outcomes that the rows no longer allow say so.

import { say, t } from '../texts.js';

/** The rows of a form. */
export const rowsOf = (form) => [...form.querySelectorAll('.ck')];
const valueOf = (row) => row.querySelector('input:checked')?.value ?? null;

/** Shows what the rows say, and moves the outcome with them: one that needs every row passed gives way when a row fails. */
export function judgeRows(form, changed = null) {
  const rows = rowsOf(form);
  for (const row of rows) show(row);
  if (!rows.length) return;
  const open = rows.filter((row) => !valueOf(row)).length;
  const failed = rows.filter((row) => valueOf(row) === 'fail');
  form.querySelector('[data-counted]').textContent = t('portal.acting.js.counted', { n: rows.length, passed: rows.length - open - failed.length, failed: failed.length, open });
  outcomes(form, failed, open, changed);
  grounds(form, failed);
  // Where the items say what is wrong, the row need not say it again.
  const itemised = form.querySelector('[name=act][data-itemised]:checked') !== null;
  for (const row of rows) row.querySelector('.why-not').required = failed.includes(row) && !itemised;
}

function show(row) {
  const value = valueOf(row);
  row.classList.toggle('passed', value === 'pass');
  row.classList.toggle('failed', value === 'fail');
  row.querySelector('.state use').setAttribute('href', { pass: '#i-clear', fail: '#i-conflict' }[value] ?? '#i-pen');
  const why = row.querySelector('.why-not');
  why.hidden = value !== 'fail';
  why.disabled = value !== 'fail';
}

function outcomes(form, failed, open, changed) {
  const choices = [...form.querySelectorAll('input[type=radio][name=act]')];
  if (!choices.length) return;
  const fits = (choice) => (choice.dataset.takes === 'passed' ? !failed.length : choice.dataset.takes === 'failed' ? failed.length > 0 || open > 0 : true);
  for (const choice of choices) choice.disabled = !fits(choice);
  const told = form.querySelector('[data-not-so]');
  const off = choices.filter((choice) => choice.disabled).map((choice) => choice.dataset.verb);
  told.hidden = !off.length;
  told.textContent = off.length ? t(failed.length ? 'portal.acting.js.not_passed' : 'portal.acting.js.not_failed', { what: off.join(t('page.comma')) }) : '';
  const now = choices.find((choice) => choice.checked);
  if (now && !now.disabled) return;
  const next = choices.find((choice) => !choice.disabled);
  if (!next) return;
  next.checked = true;
  if (changed) say(t('portal.acting.js.outcome_now', { what: next.dataset.verb }));
}

/** Where grounds are lines of the checklist, only a failed one can be the ground; a single one is chosen. */
function grounds(form, failed) {
  const names = new Set(rowsOf(form).map((row) => row.dataset.rowName));
  for (const select of form.querySelectorAll('[data-ground]')) {
    const options = [...select.options].filter((option) => option.value);
    if (!options.every((option) => names.has(option.value))) continue;
    for (const option of options) option.disabled = !failed.some((row) => row.dataset.rowName === option.value);
    if (select.selectedOptions[0]?.disabled) select.value = '';
    if (failed.length === 1) select.value = failed[0].dataset.rowName;
  }
}

const TYPED = 'textarea, select, input:not([type=radio]):not([type=checkbox])';

/** Y and N judge the row in which one is, or the first that is open; C asks for a correction; Ctrl Enter acts. */
export function keys() {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const form = event.target.form?.matches('.act-form') ? event.target.form : shown();
      event.preventDefault();
      const button = form?.querySelector('[data-verb-button]');
      if (button && !button.disabled) form.requestSubmit(button);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPED)) return;
    const key = event.key.toLowerCase();
    if (key === 'y' || key === 'n') judge(event, key === 'y' ? 'pass' : 'fail');
    else if (key === 'c') correct(event);
  });
}

const shown = () => [...document.querySelectorAll('form.act-form')].find((form) => form.offsetParent !== null);

function judge(event, value) {
  const form = event.target.form?.matches?.('.act-form') ? event.target.form : shown();
  const rows = form ? rowsOf(form) : [];
  const row = event.target.closest?.('.ck') ?? rows.find((each) => !valueOf(each)) ?? rows[0];
  if (!row) return;
  const input = row.querySelector(`input[value=${value}]`);
  event.preventDefault();
  input.checked = true;
  // Kept like anything typed, and then everything follows that a click would bring.
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  if (value === 'fail') { row.querySelector('.why-not').focus(); return; }
  const next = rows.slice(rows.indexOf(row) + 1).find((each) => !valueOf(each));
  (next?.querySelector('input') ?? form.querySelector('[data-verb-button]')).focus();
}

/** Opens whatever asks the applicant for something, item by item. */
function correct(event) {
  const act = document.querySelector('[name=act][data-itemised]:not(:disabled)');
  if (!act) return;
  event.preventDefault();
  const fold = act.closest('details');
  if (fold) fold.open = true;
  if (act.type === 'radio') {
    act.checked = true;
    act.dispatchEvent(new Event('input', { bubbles: true }));
    act.dispatchEvent(new Event('change', { bubbles: true }));
  }
  act.form.querySelector(`.for-act[data-for="${act.value}"] [name=items]`)?.focus();
}
