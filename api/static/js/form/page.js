// One screen of the form: listens to its fields, leads from screen to screen without losing anything, opens what explains.

import { boot } from '../texts.js';
import { start as filing } from './filing.js';
import { start as holders } from './holders.js';
import { start as materials } from './materials.js';
import { controlsOf, fieldOf, follow } from './controls.js';
import { start as previews } from './preview.js';
import { refresh } from './refresh.js';
import { flush, note, start as saving } from './saving.js';
import { start as signing } from './signing.js';

saving();
previews();
materials(refresh);
holders(flush);
signing(flush, refresh);
filing(flush);
fieldsSave();
leaving();
reasons();
dialogs();
arrivedAt();

function fieldsSave() {
  document.addEventListener('input', (event) => { const field = event.target.closest('[data-field]'); if (field) { parts(field, event.target); note(field, false); } });
  document.addEventListener('change', (event) => { const field = event.target.closest('[data-field]'); if (field) { parts(field, event.target); note(field, true); } });
}

function parts(field, control) {
  if (field.dataset.control === 'term' && control.dataset.part) follow(field, control.dataset.part);
}

/** Links that leave the screen wait until what was typed has arrived; offline it is kept, so they may go all the same. */
function leaving() {
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a[data-leave], a[data-continue]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.activeElement?.blur();
    await flush();
    if (link.matches('[data-continue]') && (await open())) return;
    location.assign(link.href);
  });
}

/** Shows what is still open on this screen; false where nothing is. */
async function open() {
  await refresh();
  const card = document.getElementById('faults');
  const lines = [...card.querySelectorAll('[data-fault]')];
  if (!lines.length) return false;
  card.hidden = false;
  for (const line of lines) mark(line.dataset.fault, line.textContent);
  card.focus();
  card.scrollIntoView({ block: 'center' });
  return true;
}

function mark(name, words) {
  const field = fieldOf(name);
  if (!field) return;
  controlsOf(field).forEach((control) => control.setAttribute('aria-invalid', 'true'));
  const says = field.querySelector('[id^="says-"]');
  says.className = 'errm';
  says.textContent = words;
}

/** The reason of a field opens beside its button, within the window. */
function reasons() {
  document.addEventListener('toggle', (event) => {
    const card = event.target;
    if (!card.matches?.('.why-pop') || event.newState !== 'open') return;
    const at = document.querySelector(`[popovertarget="${card.id}"]`).getBoundingClientRect();
    const box = card.getBoundingClientRect();
    card.style.left = `${Math.max(12, Math.min(at.right - box.width, innerWidth - box.width - 12))}px`;
    card.style.top = `${Math.max(12, Math.min(at.bottom + 6, innerHeight - box.height - 12))}px`;
    card.querySelector('button').focus();
  }, true);
}

function dialogs() {
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-dialog]');
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    if (event.target.closest('dialog [data-close]')) event.target.closest('dialog').close();
    const fault = event.target.closest('a[data-fault]');
    if (fault) { event.preventDefault(); focusOn(fault.dataset.fault); }
  });
}

function focusOn(name) {
  const field = fieldOf(name);
  field?.closest('details')?.setAttribute('open', '');
  if (field) controlsOf(field)[0]?.focus();
}

/** Whoever came by a link to a field stands in it. */
function arrivedAt() {
  const field = location.hash.length > 1 && document.getElementById(location.hash.slice(1))?.closest('[data-field]');
  if (field) focusOn(field.dataset.field);
  document.documentElement.dataset.form = boot.form.case;
}
