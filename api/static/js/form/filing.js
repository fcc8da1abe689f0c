// What was signed goes to the office: asked once more, sent once, and a conflict is told with its remedy before anything is filed.

import { boot, t } from '../texts.js';
import { h } from '../dom.js';
import { ask } from '../portal/send.js';
import { asked as sure } from './asking.js';

let key = null;

/** Takes over the button that files. */
export function start(flush) {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-file]');
    if (!button || button.getAttribute('aria-busy') === 'true' || !(await sure('submit-sure'))) return;
    button.setAttribute('aria-busy', 'true');
    if (await flush()) await file(false);
    button.removeAttribute('aria-busy');
  });
}

async function file(acknowledged) {
  const { name: act, items } = boot.form.act;
  // The same key as long as no answer came, so that a lost answer files nothing twice.
  key ??= crypto.randomUUID();
  try {
    await ask('POST', `${boot.api}/cases/${boot.form.case}/acts`, { act, items, acknowledged }, key);
    key = null;
    location.assign(boot.form.may.own ? `/my/cases/${boot.form.case}` : `/cases/${boot.form.case}`);
  } catch (problem) {
    if (!problem.offline) key = null;
    told(problem);
  }
}

function told(problem) {
  const conflict = problem.code === 'case.conflict_found';
  const ways = conflict ? [
    h('a', { class: 'btn p s', href: `/cases/${boot.form.case}/parcel` }, t('portal.form.js.remedy')),
    h('button', { type: 'button', class: 'btn s', onclick: () => file(true) }, t('portal.form.js.acknowledge')),
  ] : problem.offline ? [h('button', { type: 'button', class: 'btn s', onclick: () => file(false) }, t('page.again'))] : [];
  const card = h('div', { class: `fc ${conflict ? 'conflict' : 'error'} errsum`, tabindex: '-1', role: 'alert' }, h('h2', { class: 'h3' }, problem.title ?? t('page.broken')),
    problem.detail ? h('p', { class: 'sm mut' }, problem.detail) : null,
    problem.findings?.length ? h('ul', { class: 'sm dots' }, problem.findings.map((finding) => h('li', {}, finding.text))) : null,
    ways.length ? h('div', { class: 'row w' }, ways) : null, problem.code ? h('p', { class: 'xs dim' }, problem.code) : null);
  document.getElementById('filing').replaceChildren(card);
  card.focus();
}
