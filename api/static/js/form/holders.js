// Co-holders: the applicant first, then whoever the reader acts for; all jointly, or by shares that add up to one.

import { h } from '../dom.js';
import { boot, say, t } from '../texts.js';
import { ask } from '../portal/send.js';

const part = (id) => document.getElementById(id);
let held = [];
let offered = [];

/** Takes over the dialog of the holders; `flush` saves what is typed before. */
export function start(flush) {
  const form = part('holders-form');
  if (!form) return;
  held = JSON.parse(form.dataset.holders);
  offered = JSON.parse(form.dataset.own);
  if (held.some((each) => each.holding === 'shares')) part('hd-kind').value = 'shares';
  part('hd-kind').addEventListener('change', draw);
  form.addEventListener('submit', (event) => { event.preventDefault(); save(flush); });
  draw();
}

const byShares = () => part('hd-kind').value === 'shares';

function draw() {
  part('hd-list').replaceChildren(...held.map((each, at) => h('li', { class: 'hd-row' }, h('span', { class: 'b' }, each.name),
    byShares() ? share(each, 'numerator', t('portal.form.js.of'), at) : null, byShares() ? share(each, 'denominator', t('portal.form.js.over'), at) : null,
    at ? h('button', { type: 'button', class: 'btn g s', 'aria-label': `${t('portal.form.js.remove')} ${each.name}`, onclick: () => { held.splice(at, 1); offered.push(each); draw(); } }, t('portal.form.js.remove')) : null)));
  const add = offered.map((each, at) => h('button', { type: 'button', class: 'btn s', onclick: () => { held.push(each); offered.splice(at, 1); draw(); } }, t('portal.form.js.add', { name: each.name })));
  part('hd-add').replaceChildren(...(part('holders-form').dataset.byNumber ? [byNumber()] : add.length ? add : [h('p', { class: 'sm mut' }, t('portal.form.js.nobody'))]));
}

function share(each, name, label, at) {
  const input = h('input', { class: 'inp', id: `hd-${name}-${at}`, type: 'number', min: '1', step: '1', value: each[name] ?? '' });
  input.addEventListener('input', () => { each[name] = Number(input.value) || null; });
  return h('div', { class: 'fld' }, h('label', { for: input.id }, label), input);
}

/** An officer adds a party by its number, with the consent on paper. */
function byNumber() {
  const input = h('input', { class: 'inp', id: 'hd-number', type: 'number', min: '1', step: '1' });
  const put = () => { const party = Number(input.value); if (party) { held.push({ party, name: `${t('portal.form.js.holder')} ${party}` }); draw(); } };
  return h('div', { class: 'row w' }, h('div', { class: 'fld' }, h('label', { for: 'hd-number' }, t('portal.form.js.add_number')), input), h('button', { type: 'button', class: 'btn s', onclick: put }, t('portal.form.js.add_number')));
}

async function save(flush) {
  if (!(await flush())) return;
  const holding = held.length === 1 ? 'sole' : part('hd-kind').value;
  const holders = held.map(({ party, numerator, denominator }) => ({ party, holding, ...(holding === 'shares' ? { numerator, denominator } : {}) }));
  try {
    await ask('PUT', `${boot.api}/cases/${boot.form.case}/holders`, { holders, version: boot.form.version });
    location.reload();
  } catch (problem) {
    const words = [problem.title, problem.detail].filter(Boolean).join(' ');
    part('hd-says').hidden = false;
    part('hd-says').textContent = words;
    say(words);
  }
}
