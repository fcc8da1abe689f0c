// The controls of a field and the one value that they make: what is sent is JSON as the form's dictionary has it, or null when empty.

import { t } from '../texts.js';

/** Every field of the page that can be changed. */
export const fields = () => [...document.querySelectorAll('[data-field]')];

export const fieldOf = (name) => fields().find((field) => field.dataset.field === name);
export const controlsOf = (field) => [...field.querySelectorAll('input, select, textarea')];
export const labelOf = (field) => field.querySelector('.f-label, label')?.textContent.trim() ?? field.dataset.field;

/** The value that a field holds now. */
export function valueOf(field) {
  const kind = field.dataset.control;
  if (kind === 'term') return termOf(field);
  if (kind === 'side') return field.querySelector('input:checked')?.value ?? null;
  if (kind === 'tick') return field.querySelector('input').checked ? true : null;
  return field.querySelector('input, select').value.trim() || null;
}

/** Puts a value into the controls. */
export function show(field, value) {
  const kind = field.dataset.control;
  if (kind === 'term') { showTerm(field, value); return; }
  if (kind === 'side') { field.querySelectorAll('input').forEach((box) => { box.checked = box.value === value; }); return; }
  if (kind === 'tick') { field.querySelector('input').checked = value === true; return; }
  field.querySelector('input, select').value = typeof value === 'string' ? value : '';
}

/** A value as a reader sees it. */
export function inWords(field, value) {
  if (value === null || value === undefined || value === '') return t('portal.form.js.empty');
  if (field?.dataset.control === 'term') return t('portal.form.js.term', { first: value.from, last: value.to });
  const option = field && [...field.querySelectorAll('option, input[type=radio]')].find((each) => each.value === value);
  if (option) return (option.closest('label') ?? option).textContent.trim();
  return typeof value === 'object' ? JSON.stringify(value) : value === true ? '✓' : String(value);
}

/** The same JSON, whatever the order of its keys. */
export const same = (one, other) => stable(one) === stable(other);
const stable = (value) => JSON.stringify(value ?? null, (_, each) => (each && typeof each === 'object' && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort()) : each));

const part = (field, name) => field.querySelector(`[data-part="${name}"]`);

/** Keeps years and days of a term in step with whichever of them was changed. */
export function follow(field, changed) {
  const first = part(field, 'from').value;
  const years = Number(part(field, 'years').value);
  if (changed === 'to') part(field, 'years').value = wholeYears(first, part(field, 'to').value) ?? '';
  else if (first && Number.isInteger(years) && years > 0) part(field, 'to').value = lastDay(first, years);
  else if (changed === 'years') part(field, 'to').value = '';
  told(field);
}

function told(field) {
  const value = termOf(field);
  field.querySelector('[data-term-days]').textContent = value ? t('portal.form.js.term', { first: value.from, last: value.to }) : '';
}

function termOf(field) {
  const [from, to] = [part(field, 'from').value, part(field, 'to').value];
  return from && to ? { from, to } : null;
}

function showTerm(field, value) {
  if (value?.from) part(field, 'from').value = value.from;
  part(field, 'to').value = value?.to ?? '';
  part(field, 'years').value = value ? wholeYears(value.from, value.to) ?? '' : '';
  told(field);
}

/** The day before the anniversary; from 29 February into a common year, 28 February (rule term.last_day). */
export function lastDay(first, years) {
  const [year, month, day] = first.split('-').map(Number);
  const on = new Date(Date.UTC(year + years, month - 1, day));
  const same_day = on.getUTCMonth() === month - 1;
  return new Date(same_day ? on.getTime() - 86400000 : Date.UTC(year + years, 1, 28)).toISOString().slice(0, 10);
}

function wholeYears(first, last) {
  if (!first || !last) return null;
  const years = Number(last.slice(0, 4)) - Number(first.slice(0, 4));
  return [years, years + 1].find((each) => each > 0 && lastDay(first, each) === last) ?? null;
}
