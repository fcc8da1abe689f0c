// What was typed and has not arrived yet, in this browser: one entry for each field, with the value that stood there before.
// It is written at every stroke, so a reload, an ended session or a lost connection takes nothing away.

import { boot } from '../texts.js';

const KEY = `haiyu-form:${boot.person}:${boot.form.case}`;

/** {field: {value, base}} of what is still to be sent. */
export function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

/** Writes down what is still to be sent. */
export function write(entries) {
  try {
    if (Object.keys(entries).length) localStorage.setItem(KEY, JSON.stringify(entries));
    else localStorage.removeItem(KEY);
  } catch { /* a full or closed storage keeps nothing; the page still holds it */ }
}
