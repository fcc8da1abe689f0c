// Files that an act names by their digest: put on the case's file at once when chosen, so that the act only carries the digest.

import { ask, refuse } from '../portal/send.js';
import { say, t } from '../texts.js';

/** Watches every upload of a form, and keeps it from being sent while one that is wanted is missing. */
export function uploads(form) {
  for (const box of form.querySelectorAll('[data-upload]')) {
    box.querySelector('input[type=file]').addEventListener('change', (event) => takeAll(form, box, [...event.target.files]));
    bringBack(form, box);
  }
  form.addEventListener('submit', (event) => {
    const lacking = [...form.querySelectorAll('[data-upload]')].find((box) => wanted(box));
    if (!lacking) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    refuse(form, { title: t('portal.acting.file.missing', { what: lacking.dataset.label }) });
  });
  form.addEventListener('sent', () => form.querySelectorAll('[data-upload]').forEach((box) => sessionStorage.removeItem(keyOf(form, box))));
}

const keyOf = (form, box) => `haiyu-file:${form.dataset.keep}:${box.dataset.upload}`;

function wanted(box) {
  const input = box.querySelector('input[type=file]');
  const words = box.querySelector('textarea');
  return !input.matches(':disabled') && 'wanted' in input.dataset && !box.classList.contains('kept') && !words?.value.trim();
}

/** One after the other; every one of them lies on the file, and where a fact takes one digest it is that of the last. */
async function takeAll(form, box, files) {
  for (const file of files) await take(form, box, file);
}

async function take(form, box, file) {
  const label = box.querySelector('[data-file-name]');
  label.textContent = t('portal.acting.file.sending', { name: file.name });
  const value = new FormData();
  const version = form.querySelector('[name=version]')?.value;
  value.append('name', box.dataset.upload);
  // Named, so that whoever acted meanwhile is noticed here and not passed over.
  if (version) value.append('version', version);
  value.append('file', file, file.name);
  try {
    const kept = await ask('POST', `/api/v1/cases/${form.dataset.case}/materials`, value, crypto.randomUUID());
    keep(form, box, file.name, kept.digest.replace(/^sha256:/, ''));
    say(t('portal.acting.file.kept', { name: file.name }));
    if (version) renew(Number(version));
  } catch (problem) {
    refuse(form, problem);
  } finally {
    label.textContent = t('portal.file.choose');
  }
}

/** The box says what lies on the file; a page that comes anew finds it again. */
function keep(form, box, name, digest) {
  const line = box.querySelector('[data-file-kept]');
  const before = line?.hidden === false && !box.querySelector('[data-digest]') ? `${line.querySelector('span').dataset.names}, ` : '';
  const field = box.querySelector('[data-digest]');
  if (field) field.value = digest;
  const words = box.querySelector('textarea');
  if (words) words.value = '';
  box.classList.add('kept');
  if (!line) { box.querySelector('[data-file-name]').textContent = name; return; }
  line.hidden = false;
  const told = line.querySelector('span');
  told.dataset.names = `${before}${name}`;
  told.textContent = t('portal.acting.file.kept', { name: told.dataset.names });
  try { sessionStorage.setItem(keyOf(form, box), JSON.stringify([told.dataset.names, digest])); } catch { /* then it has to be chosen again */ }
}

function bringBack(form, box) {
  let held = null;
  try { held = JSON.parse(sessionStorage.getItem(keyOf(form, box))); } catch { return; }
  if (held) keep(form, box, held[0], held[1]);
}

/** A file on the case's file makes the next version of the case; the forms of the page go on from it. */
function renew(read) {
  for (const field of document.querySelectorAll('form.act-form [name=version]')) field.value = read + 1;
}
