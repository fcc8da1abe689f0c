// After a refusal: what to do next stands under what was said. Who was first, which datum is missing and who has it, what the check found.

import { h } from '../dom.js';
import { boot, t } from '../texts.js';

/** Completes the refusals of a form; `chosen` tells the act that was tried. */
export function explain(form, chosen) {
  form.addEventListener('refused', (event) => {
    const card = form.querySelector(':scope > .errsum');
    const problem = event.detail;
    if (!card) return;
    named(card, chosen(form));
    if (problem.code === 'case.changed_meanwhile') changed(form, card);
    else if (problem.choices) card.append(missing(problem.choices));
    else if (problem.status === 409) card.append(h('p', { class: 'row w' }, h('a', { class: 'btn s', href: location.href, onclick: again }, t('portal.acting.js.look_again'))));
  });
}

/** A refusal names the act by its name in the template; people know it by its title. */
function named(card, act) {
  const title = card.querySelector('h3');
  if (act) title.textContent = title.textContent.replaceAll(act.value, act.dataset.verb);
}

/** Somebody was first: who and what, and a way to see the case as it stands; the entries of this form are kept for it. */
async function changed(form, card) {
  const list = h('div', { 'aria-live': 'polite' });
  card.append(h('p', { class: 'sm' }, t('portal.acting.js.kept')), list, h('p', { class: 'row w' }, h('a', { class: 'btn s p', href: location.href, onclick: again }, t('portal.acting.js.look_again'))));
  const answer = await fetch(`/cases/${form.dataset.case}/since/${form.dataset.seq}`, { headers: { 'Accept-Language': boot.lang } }).catch(() => null);
  if (!answer?.ok) return;
  // A piece of a page of our own: its parts are taken over as nodes.
  const piece = new DOMParser().parseFromString(await answer.text(), 'text/html');
  list.append(...piece.body.children);
}

function again(event) {
  event.preventDefault();
  location.reload();
}

/** Data that the rule book lacks: a sentence for each, and the page on which an administrator supplies it. */
function missing(choices) {
  return h('ul', { class: 'sm' }, choices.map((each) => h('li', {}, t(`portal.acting.js.lacks.${each.supplied_by}`, { what: each.what[boot.lang] }), ' ',
    each.supplied_by === 'administrator' ? h('a', { href: `/rules/${encodeURIComponent(each.rule)}` }, t('portal.acting.js.rule', { rule: each.rule })) : null)));
}
