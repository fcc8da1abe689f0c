// What the editor says: one toast at a time with a way back, and the politely spoken line.

import { toast } from '../portal/toast.js';
import { say, t } from '../texts.js';
import { undo } from './history.js';

let speaking = null;

/** Something was done that can be undone. */
export function done(code, facts = {}) {
  const words = t(code, facts);
  document.getElementById('toasts').replaceChildren();
  toast(words, undo);
  say(words);
}

/** A point took a neighbour's place, a neighbour's edge or the shoreline; `side` is where that neighbour lies. */
export function snapped(number, found) {
  const side = found.side ? t(`editor.side.${found.side}`) : '';
  done(`editor.snapped.${found.kind}`, { n: number, side });
}

/** Said politely once the hand rests: a reader must not be told of every step of a drag. */
export function speak(words) {
  clearTimeout(speaking);
  speaking = setTimeout(() => say(words), 600);
}
