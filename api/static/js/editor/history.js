// What was done can be undone, without end and after a reload too: models are kept in this browser under the name of the page.

import { set, state } from '../state.js';

// A storage holds a few megabytes; the oldest steps go first.
const MOST = 200;
let past = [];
let future = [];
let name = null;

/** Starts under a name and brings back what was kept; true if anything was. */
export function start(page) {
  name = `haiyu-editor:${page}`;
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    if (!kept) return false;
    ({ past, future } = kept);
    set('model', { ...kept.model, restored: true });
    return kept.model.exterior.length > 0;
  } catch { return false; }
}

/** A change that the reader made: it can be taken back. */
export function change(model, { fit = false } = {}) {
  if (state.model) past.push(state.model);
  future = [];
  publish({ ...model, fit });
}

/** While something is dragged: shown, but not yet a step. */
export const preview = (model) => set('model', { ...model, moving: true });

/** The place where a drag began becomes the step before. */
export function settle(before, model) {
  past.push(before);
  future = [];
  publish(model);
}

export function undo() { step(past, future); }
export function redo() { step(future, past); }
export const can = () => ({ undo: past.length > 0, redo: future.length > 0 });

function step(from, to) {
  const model = from.pop();
  if (!model) return;
  if (state.model) to.push(state.model);
  publish(model);
}

function publish(model) {
  const { moving, restored, ...clean } = model;
  set('model', clean);
  keep();
}

function keep() {
  const { fit, ...model } = state.model;
  for (let most = MOST; most >= 1; most = Math.floor(most / 4)) {
    past = past.slice(-most);
    try { localStorage.setItem(name, JSON.stringify({ model, past, future: future.slice(-most) })); return; } catch { /* too large: fewer steps are kept */ }
  }
}

/** Forgets what was kept, once it lies in a case. */
export function forget() {
  try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
}
