// Files that an act names by their digest: put on the case's file at once when chosen, so that the act only carries the digest.

import { ask, refuse } from '../portal/send.js';
import { say, t } from '../texts.js';

/** Watches every upload of a form, and keeps it from being sent while one that is wanted is missing. */
export function uploads(form) {
  for (const box of form.querySelectorAll('[data-upload]')) box.querySelector('input[type=file]').addEventListener('change', (event) => take(form, box, event.target.files[0]));
  form.addEventListener('submit', (event) => {
    const lacking = [...form.querySelectorAll('[data-upload]')].find((box) => wanted(box));
    if (!lacking) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    refuse(form, { title: t('portal.acting.file.missing', { what: lacking.dataset.label }) });
  });
}

function wanted(box) {
  const input = box.querySelector('input[type=file]');
  const words = box.querySelector('textarea');
  return !input.matches(':disabled') && 'wanted' in input.dataset && !box.classList.contains('kept') && !words?.value.trim();
}

async function take(form, box, file) {
  if (!file) return;
  const told = box.querySelector('[data-file-name]');
  told.textContent = t('portal.acting.file.sending', { name: file.name });
  const value = new FormData();
  value.append('name', box.dataset.upload);
  value.append('file', file, file.name);
  try {
    const kept = await ask('POST', `/api/v1/cases/${form.dataset.case}/materials`, value, crypto.randomUUID());
    const digest = box.querySelector('[data-digest]');
    if (digest) digest.value = kept.digest.replace(/^sha256:/, '');
    const words = box.querySelector('textarea');
    if (words) words.value = '';
    box.classList.add('kept');
    told.textContent = t('portal.acting.file.kept', { name: file.name });
    say(told.textContent);
    await renew(form);
  } catch (problem) {
    told.textContent = t('portal.acting.file');
    refuse(form, problem);
  }
}

/** A file on the case's file makes a new version of the case: the act is told the one that it now has. */
async function renew(form) {
  const version = form.querySelector('[name=version]');
  if (version) version.value = (await ask('GET', `/api/v1/cases/${form.dataset.case}`)).version;
}
