// The panel of acts: outcomes show what they need, keys judge, what cannot be undone asks first, and after an act the next one has the focus.

import { arrivals, told } from './arrived.js';
import { uploads } from './files.js';
import { itemise } from './items.js';
import { judgeRows, keys, rowsOf } from './judging.js';
import { explain } from './refusals.js';
import { t } from '../texts.js';

const byId = (id) => document.getElementById(id);
const chosen = (form) => form.querySelector('[name=act]:checked') ?? form.querySelector('[name=act][type=hidden]');

document.querySelectorAll('form.act-form').forEach(start);
keys();
arrivals();
mirrors();

function start(form) {
  uploads(form);
  explain(form, chosen);
  told(form, () => chosen(form)?.dataset.verb ?? '');
  form.addEventListener('change', (event) => settle(form, event.target));
  form.addEventListener('submit', () => confirmation(form, chosen(form)));
  settle(form);
}

/** Everything that follows from what is chosen. */
function settle(form, changed = null) {
  if (!chosen(form)) return;
  judgeRows(form, changed);
  const act = chosen(form);
  for (const part of form.querySelectorAll('.for-act, .for-fact')) {
    const mine = (part.dataset.acts ?? part.dataset.for).split(' ').includes(act.value);
    part.hidden = !mine;
    part.disabled = !mine;
  }
  // An outcome alone ("passed") does not say of what; where there is but one way on, its name says it all.
  form.querySelector('[data-verb-words]').textContent = act.type === 'radio' ? t('portal.acting.js.button', { step: form.dataset.title, what: act.dataset.verb }) : act.dataset.verb;
  const button = form.querySelector('[data-verb-button]');
  button.classList.toggle('d', 'hard' in act.dataset);
  button.classList.toggle('p', !('hard' in act.dataset));
  itemise(form);
  if (act.dataset.confirmText) form.dataset.confirm = 'act-confirm';
  else delete form.dataset.confirm;
}

/** Fills the question that stands before an act: its object in the title, the consequence in the text, the verb on the button. */
function confirmation(form, act) {
  if (!act?.dataset.confirmText) return;
  const items = form.querySelectorAll('.for-act:not([hidden]) [name=items]:checked').length;
  byId('act-confirm-title').textContent = act.dataset.confirmTitle.replace('{n}', items);
  byId('act-confirm-text').textContent = act.dataset.confirmText;
  byId('act-confirm-yes').textContent = act.dataset.verb;
}

/** Where a page shows words of the act as its paper will have them, they follow what is typed. */
function mirrors() {
  for (const place of document.querySelectorAll('[data-mirror]')) {
    const empty = place.textContent;
    const field = document.querySelector(`form.act-form [name="texts.${place.dataset.mirror}"]`);
    const show = () => { place.textContent = field.value.trim() || empty; };
    if (field) { field.addEventListener('input', show); show(); }
  }
}
