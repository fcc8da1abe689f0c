// What the editor says: toasts with a way back, and the politely spoken line.

import { toast } from '../portal/toast.js';
import { say, t } from '../texts.js';
import { undo } from './history.js';

/** A point took a neighbour's place, a neighbour's edge or the shoreline. */
export function snapped(number, kind) {
  const words = t(`editor.snapped.${kind}`, { n: number });
  toast(words, undo);
  say(words);
}

/** Something was done that can be undone. */
export function done(code, facts = {}) {
  const words = t(code, facts);
  toast(words, undo);
  say(words);
}
