// Messages: a row that is unfolded is opened for good, and shows the one-time code or the link that it holds.

import { fill, h } from '../dom.js';
import { ask } from '../portal/send.js';
import { toast } from '../portal/toast.js';
import { t } from '../texts.js';

document.addEventListener('toggle', (event) => { if (event.target.matches?.('details[data-message]') && event.target.open) opened(event.target); }, true);
document.getElementById('all-read')?.addEventListener('click', allRead);
reach();
addEventListener('hashchange', reach);

/** A message that the address names is unfolded at once. */
function reach() {
  const row = /^#m\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (row && !row.open) { row.open = true; row.querySelector('summary').focus(); }
}

async function opened(row) {
  if (row.dataset.opened) return;
  row.dataset.opened = 'true';
  const place = row.querySelector('[data-sealed]');
  fill(place, h('p', { class: 'sm mut' }, t('portal.messages.opening')));
  try {
    const told = await ask('POST', `/api/v1/messages/${row.dataset.message}/opened`);
    fill(place, told.one_time_code ? code(told.one_time_code) : null, told.link ? link(told.link) : null);
    read(row, told.opened_at);
  } catch (problem) {
    delete row.dataset.opened;
    fill(place, h('div', { class: 'fc error', role: 'alert' }, h('h3', {}, problem.title), problem.detail ? h('p', { class: 'sm mut' }, problem.detail) : null,
      h('p', {}, h('button', { type: 'button', class: 'btn s', onclick: () => opened(row) }, t('page.again')))));
  }
}

/** Those on the page are opened without unfolding them; a code or link in one waits until it is unfolded. */
async function allRead(event) {
  const button = event.currentTarget;
  const rows = [...document.querySelectorAll('details[data-message].unread')];
  button.setAttribute('aria-busy', 'true');
  try {
    await ask('POST', '/api/v1/messages/opened', { messages: rows.map((row) => Number(row.dataset.message)) });
    location.reload();
  } catch (problem) {
    button.removeAttribute('aria-busy');
    toast([problem.title, problem.detail].filter(Boolean).join(' '));
  }
}

const copying = (words) => h('button', { type: 'button', class: 'btn s', onclick: async () => { await navigator.clipboard.writeText(words); toast(t('portal.messages.copied')); } }, t('portal.messages.copy'));

const code = (digits) => h('div', {}, h('div', { class: 'onetime' }, h('span', { class: 'sm mut' }, t('portal.messages.code')), h('code', {}, digits), copying(digits)),
  h('p', { class: 'xs mut' }, t('portal.messages.code.hint')));

function link(token) {
  const address = new URL(`/answers/${encodeURIComponent(token)}`, location.origin).href;
  return h('div', {}, h('p', { class: 'sm mut' }, t('portal.messages.link')), h('p', { class: 'onetime' }, h('a', { href: address }, address), copying(address)));
}

/** Once only: the row, the figure of the rail and the tabs, the trail. */
function read(row, at) {
  if (row.classList.contains('unread')) {
    document.querySelectorAll('a[href="/messages"] > b').forEach((figure) => { const left = Number(figure.textContent) - 1; if (left > 0) figure.textContent = String(left); else figure.remove(); });
    row.classList.remove('unread');
    row.querySelector('[data-unread]')?.remove();
  }
  const minute = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(new Date(at));
  row.querySelector('[data-opened]').textContent = t('portal.messages.opened', { at: minute });
}
