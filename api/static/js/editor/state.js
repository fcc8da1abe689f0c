// What the page knows: the model that is edited, the draft that the server settled from it, faults, the last report, whether that
// report is of what stands now. One place, so that map, table and findings show the same.

const listeners = new Map();

export const state = { model: null, draft: null, report: null, faults: [], selected: null, readonly: false, stale: false, kept: null, base: null };

/** Registers a listener for a change of one part of the state. */
export function on(part, listener) {
  listeners.set(part, [...(listeners.get(part) ?? []), listener]);
}

const isNothing = (value) => Array.isArray(value) && !value.length;

/** Changes a part and tells everyone who listens; where there was nothing and is nothing, nobody needs to look. */
export function set(part, value) {
  if (isNothing(state[part]) && isNothing(value)) return;
  state[part] = value;
  for (const listener of listeners.get(part) ?? []) listener(value);
}
