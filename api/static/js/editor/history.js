// What was done can be undone, without end, and after a reload too: every step is kept in this browser under the name of the page,
// with what the form said. Writing waits for a short rest and is made good at once when the page goes away.

import { set, state } from './state.js';

const REST_MS = 250;
// Presses of an arrow key that follow each other within this time are one step.
const SAME_MS = 1000;
let past = [];
let future = [];
let name = null;
let described = () => ({});
let timer = null;
let last = { what: null, at: 0 };

const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

/** Begins under a name; `tell()` gives what is kept beside the boundary. Answers what was kept, or null. `from` is taken over where nothing was. */
export function start(page, tell, from = null) {
  [name, described] = [`haiyu-editor:${page}`, tell];
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); });
  let kept = read(name);
  if (!kept?.model?.exterior?.length && from) {
    kept = read(`haiyu-editor:${from}`);
    try { localStorage.removeItem(`haiyu-editor:${from}`); } catch { /* it then stays where it was */ }
  }
  if (!kept?.model) return null;
  past = kept.past ?? [];
  future = kept.future ?? [];
  return kept;
}

/** A change that the reader made: it can be taken back. Changes of the same kind in quick succession (`what`) are one step. */
export function change(model, { fit = false, what = null } = {}) {
  const now = performance.now();
  if (state.model && !(what && what === last.what && now - last.at < SAME_MS)) past.push(plain(state.model));
  last = { what, at: now };
  future = [];
  publish({ ...model, fit });
}

/** While something is dragged: shown, but not yet a step. */
export const preview = (model) => set('model', { ...model, moving: true });

/** The place where a drag began becomes the step before. */
export function settle(before, model) {
  past.push(plain(before));
  last = { what: null, at: 0 };
  future = [];
  publish(model);
}

export function undo() { step(past, future); }
export function redo() { step(future, past); }
export const can = () => ({ undo: past.length > 0, redo: future.length > 0 });

function step(from, to) {
  const model = from.pop();
  if (!model) return;
  if (state.model) to.push(plain(state.model));
  last = { what: null, at: 0 };
  publish(model);
}

const plain = ({ moving, fit, ...model }) => model;

function publish(model) {
  const { moving, ...clean } = model;
  set('model', clean);
  keep();
}

/** Keeps everything after a rest. */
export function keep() {
  clearTimeout(timer);
  timer = setTimeout(flush, REST_MS);
}

/** Keeps everything now. A storage holds a few megabytes: where it is full the oldest steps go first. */
export function flush() {
  clearTimeout(timer);
  if (!name || !state.model || state.readonly) return;
  const kept = { model: plain(state.model), use: described(), base: state.base ?? null };
  let most = Math.max(past.length, future.length);
  for (;;) {
    try {
      const steps = (list) => list.slice(Math.max(0, list.length - most));
      localStorage.setItem(name, JSON.stringify({ ...kept, past: steps(past), future: steps(future) }));
      set('kept', new Date());
      return;
    } catch { if (most === 0) break; most = Math.floor(most / 2); }
  }
  set('kept', false);
}

/** Forgets what was kept, once it lies in a case; nothing is written any more. */
export function forget() {
  clearTimeout(timer);
  try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
  name = null;
}
