// Two people changed one field: who, when, both values, and a choice. The reader's own value is kept until it is made.

import { h, icon } from '../dom.js';
import { boot, t } from '../texts.js';
import { inWords, labelOf } from './controls.js';

/** Shows one field's two values; `take` is called with the one that was chosen. */
export function differ({ field, who, at, mine, theirs, take }) {
  settled(field.dataset.field);
  const clock = at ? new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' }) : '';
  const card = h('article', { class: 'fc question', 'data-differs': field.dataset.field, tabindex: '-1', lang: boot.lang === 'zh' ? 'zh-CN' : 'en' },
    h('h2', { class: 'h3' }, t('portal.form.js.differs', { who, at: clock, label: labelOf(field) })),
    h('div', { class: 'row w' },
      h('button', { type: 'button', class: 'btn p s', onclick: () => take(mine) }, icon('typed', 's'), t('portal.form.js.mine', { value: inWords(field, mine) })),
      h('button', { type: 'button', class: 'btn s', onclick: () => take(theirs) }, t('portal.form.js.theirs', { value: inWords(field, theirs) }))));
  document.getElementById('differences').append(card);
  card.focus();
}

/** Takes the card of a field away. */
export function settled(name) {
  document.querySelectorAll(`[data-differs="${CSS.escape(name)}"]`).forEach((card) => card.remove());
}
