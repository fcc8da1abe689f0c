// Papers of the application: chosen or dropped, sent with their progress, refused in words, withdrawn after a question.

import { boot, say, t } from '../texts.js';
import { ask } from '../portal/send.js';
import { toast } from '../portal/toast.js';
import { asked as sure } from './asking.js';
import { forgive } from './versions.js';

const base = `${boot.api}/cases/${boot.form.case}/materials`;

/** Takes over uploads and withdrawals; `after` brings the page up to date. */
export function start(after) {
  document.addEventListener('change', (event) => { const input = event.target.closest('[data-upload]'); if (input?.files.length) upload(input.closest('[data-material]'), input.dataset.upload, input.files[0], after); });
  document.addEventListener('click', (event) => { const button = event.target.closest('[data-withdraw]'); if (button) withdraw(button.dataset, after); });
  document.addEventListener('dragover', (event) => { const row = event.target.closest('[data-drop]'); over(row); if (row) event.preventDefault(); });
  document.addEventListener('dragleave', () => over(null));
  document.addEventListener('drop', (event) => {
    const row = event.target.closest('[data-drop]');
    over(null);
    if (!row || !event.dataTransfer.files.length) return;
    event.preventDefault();
    upload(row, row.dataset.material, event.dataTransfer.files[0], after);
  });
}

const over = (row) => document.querySelectorAll('.mat').forEach((each) => each.classList.toggle('over', each === row));

/** Sends one file; what it was refused for stands at its row. */
function upload(row, name, file, after) {
  const says = row.querySelector('[data-upload-says]');
  const told = (words, wrong) => { says.hidden = false; says.className = wrong ? 'errm' : 'hint'; says.textContent = words; };
  const body = new FormData();
  body.append('name', name);
  body.append('file', file);
  row.setAttribute('aria-busy', 'true');
  const request = new XMLHttpRequest();
  request.open('POST', base);
  request.setRequestHeader('Accept-Language', boot.lang);
  request.setRequestHeader('Idempotency-Key', crypto.randomUUID());
  request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) told(t('portal.form.js.uploading', { percent: Math.round((100 * event.loaded) / event.total) })); });
  request.addEventListener('error', () => { row.removeAttribute('aria-busy'); told(t('portal.form.js.upload_offline'), true); });
  request.addEventListener('load', async () => {
    row.removeAttribute('aria-busy');
    row.querySelectorAll('input[type=file]').forEach((input) => { input.value = ''; });
    const answer = parsed(request.responseText);
    if (request.status >= 300) {
      const words = [answer?.title, answer?.detail].filter(Boolean).join(' ') || t('page.broken');
      told(words, true);
      say(words);
      return;
    }
    toast(t('portal.form.js.uploaded', { name: answer.file }));
    await forgive();
    document.activeElement?.blur();
    after();
  });
  request.send(body);
}

function parsed(text) { try { return JSON.parse(text); } catch { return null; } }

async function withdraw({ withdraw: id, name }, after) {
  if (!(await sure('withdraw'))) return;
  try {
    await ask('DELETE', `${base}/${id}`);
    toast(t('portal.form.js.withdrawn', { name }));
    await forgive();
  } catch (problem) { say(`${problem.title ?? ''} ${problem.detail ?? ''}`); toast([problem.title, problem.detail].filter(Boolean).join(' ')); }
  after();
}
