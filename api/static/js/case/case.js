// The case page: previews of files page by page, printing, and the hash of an event where it is asked for.

import { t } from '../texts.js';

const byId = (id) => document.getElementById(id);
let shown = null;

document.querySelectorAll('[data-print]').forEach((button) => button.addEventListener('click', () => print()));
document.querySelectorAll('[data-preview]').forEach((button) => button.addEventListener('click', () => open(button)));
byId('preview-back')?.addEventListener('click', () => turn(-1));
byId('preview-on')?.addEventListener('click', () => turn(1));
byId('preview')?.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }[event.key];
  if (step) { event.preventDefault(); turn(step); }
});
byId('preview')?.addEventListener('close', () => shown?.from?.focus());

function open(button) {
  const { preview, pages, title } = button.dataset;
  shown = { address: preview, pages: Number(pages), at: 1, from: button };
  byId('preview-title').textContent = title;
  byId('preview').showModal();
  show();
}

function turn(step) {
  const at = Math.min(shown.pages, Math.max(1, shown.at + step));
  if (at === shown.at) return;
  shown.at = at;
  show();
}

/** A page as a picture, a text as text; what cannot be shown says so in the words of the refusal. */
async function show() {
  const box = byId('preview-box');
  byId('preview-page').textContent = t('portal.case.page', { n: shown.at, all: shown.pages });
  byId('preview-back').disabled = shown.at === 1;
  byId('preview-on').disabled = shown.at === shown.pages;
  box.setAttribute('aria-busy', 'true');
  const answer = await fetch(`${shown.address}?page=${shown.at}`).catch(() => null);
  box.removeAttribute('aria-busy');
  if (answer?.ok && answer.headers.get('content-type').startsWith('image/')) {
    const picture = new Image();
    picture.alt = `${byId('preview-title').textContent} ${byId('preview-page').textContent}`;
    picture.src = URL.createObjectURL(await answer.blob());
    box.replaceChildren(picture);
    return;
  }
  const words = document.createElement('pre');
  words.textContent = answer?.ok ? await answer.text() : (await answer?.json().catch(() => null))?.title ?? t('page.offline');
  box.replaceChildren(words);
}
