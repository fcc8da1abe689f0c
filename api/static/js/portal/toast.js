// A toast says what happened, offers to undo it, stays eight seconds and waits while it has the focus; never for errors.

import { h } from '../dom.js';
import { t } from '../texts.js';

const STAYS_MS = 8000;

/** Shows words; `action` is called when the reader presses the button beside them, which offers to undo unless it is named otherwise. */
export function toast(words, action = null, named = t('portal.shell.undo')) {
  const box = document.getElementById('toasts');
  const line = h('div', { class: 'toast' }, h('span', {}, words));
  if (action) line.append(h('button', { type: 'button', onclick: () => { line.remove(); action(); } }, named));
  let timer = null;
  const arm = () => { timer = setTimeout(() => line.remove(), STAYS_MS); };
  line.addEventListener('focusin', () => clearTimeout(timer));
  line.addEventListener('focusout', arm);
  line.addEventListener('pointerenter', () => clearTimeout(timer));
  line.addEventListener('pointerleave', arm);
  box.append(line);
  arm();
}
