// After an act its page comes anew: a toast says what happened and which papers are being made, and what is next has the focus.

import { toast } from '../portal/toast.js';
import { t } from '../texts.js';

const KEY = 'haiyu-arrived';

/** Writes down what the next page has to say, before it is loaded. */
export function told(form, verb) {
  form.addEventListener('sent', (event) => {
    if (!verb()) return;
    const papers = (event.detail?.papers ?? []).map((each) => each.number);
    const words = papers.length ? t('portal.acting.js.done_papers', { step: form.dataset.title, what: verb(), n: papers.length, papers: papers.join(t('page.comma')) }) : t('portal.acting.js.done', { step: form.dataset.title, what: verb() });
    try { sessionStorage.setItem(KEY, words); } catch { /* without storage the page comes without its toast */ }
  });
}

/** Says what the page before wrote down, and puts the focus on the first act that waits, or on the page's title. */
export function arrivals() {
  let words = null;
  try { words = sessionStorage.getItem(KEY); sessionStorage.removeItem(KEY); } catch { return; }
  if (!words) return;
  toast(words);
  const next = document.querySelector('.acting[data-step] h2') ?? document.querySelector('main h1');
  next?.setAttribute('tabindex', '-1');
  next?.focus();
}
