// Supplying a rule: keys become "name=value" fields, and a dry run says what would change before anything is written.

import { ask, clear, refuse } from '../portal/send.js';
import { multipartOf } from '../portal/values.js';
import { t } from '../texts.js';

const form = document.getElementById('enter');
const told = document.getElementById('tried');

for (const field of form.querySelectorAll('[data-key]')) {
  const sent = field.nextElementSibling;
  const settle = () => { sent.value = field.value ? `${field.dataset.key}=${field.value}` : ''; };
  field.addEventListener('input', settle);
  settle();
}

document.getElementById('try').addEventListener('click', async () => {
  clear(form);
  told.hidden = true;
  const value = multipartOf(form);
  value.append('dry_run', 'true');
  try {
    const answer = await ask('POST', form.dataset.send.split(' ')[1], value, crypto.randomUUID());
    told.hidden = false;
    told.textContent = t('portal.rules.tried', { now: answer.value?.value ?? '–', was: answer.replaces?.value ?? t('portal.rules.status.unknown') });
  } catch (problem) {
    refuse(form, problem);
  }
});
