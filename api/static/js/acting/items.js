// Items of a correction: each one that is chosen asks for its sentence, and below stands what the applicant will be told.

import { h } from '../dom.js';
import { t } from '../texts.js';

/** Shows the words of chosen items and the list as it will be told; sees later typing by itself. */
export function itemise(form) {
  for (const item of form.querySelectorAll('.item')) {
    const words = item.querySelector('textarea');
    const on = item.querySelector('input').checked;
    words.hidden = !on;
    words.disabled = !on;
    words.required = on;
  }
  for (const group of form.querySelectorAll('.items details')) {
    const n = group.querySelectorAll('input:checked').length;
    group.querySelector('[data-chosen]').textContent = n ? t('portal.acting.js.chosen', { n }) : '';
  }
  for (const list of form.querySelectorAll('[data-preview-of]')) preview(form, list);
  if (form.dataset.previews) return;
  form.dataset.previews = 'true';
  form.addEventListener('input', () => form.querySelectorAll('[data-preview-of]').forEach((list) => preview(form, list)));
}

function preview(form, list) {
  const chosen = [...form.querySelectorAll(`.for-act[data-for="${list.dataset.previewOf}"] [name=items]:checked`)];
  list.replaceChildren(...chosen.map((box) => {
    const words = box.closest('.item').querySelector('textarea').value.trim();
    return h('li', {}, h('b', {}, box.dataset.title), words ? t('portal.acting.js.says', { words }) : h('span', { class: 'errm' }, t('portal.acting.js.no_words')));
  }));
  list.parentElement.querySelector('[data-none]').hidden = chosen.length > 0;
}
