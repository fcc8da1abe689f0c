// What was typed is kept in this browser until it was sent: a reload, a lost connection or an ended session takes nothing away.
// A form says so with data-keep="name"; passwords and files are never kept.

import { boot } from '../texts.js';

const key = (form) => `haiyu-kept:${boot.person ?? 'public'}:${form.dataset.keep}`;
// Several fields may be sent under one name (the keys of a rule): such a field says by data-at which it is.
const nameOf = (field) => field.dataset.at ?? field.name;
const fields = (form) => [...form.elements].filter((field) => nameOf(field) && !['password', 'file', 'hidden', 'submit', 'button'].includes(field.type));

/** Writes down what the form holds now. */
export function keep(form) {
  if (!form.dataset.keep) return;
  const held = fields(form).map((field) => [nameOf(field), field.type === 'checkbox' || field.type === 'radio' ? field.value : null, field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value]);
  try { localStorage.setItem(key(form), JSON.stringify(held)); } catch { /* a full or closed storage keeps nothing; the page still does */ }
}

/** Puts back what was kept; true if anything was. */
export function bringBack(form) {
  if (!form.dataset.keep) return false;
  let held = null;
  try { held = JSON.parse(localStorage.getItem(key(form))); } catch { return false; }
  if (!Array.isArray(held)) return false;
  for (const [name, value, state] of held) {
    const field = fields(form).find((each) => nameOf(each) === name && (value === null || each.value === value));
    if (!field) continue;
    if (value === null) field.value = state;
    else field.checked = state;
    if (field.dataset.at) field.dispatchEvent(new Event('input'));
  }
  return true;
}

/** Forgets what was kept, once it has arrived. */
export function forget(form) {
  if (!form.dataset.keep) return;
  try { localStorage.removeItem(key(form)); } catch { /* nothing to forget */ }
}
