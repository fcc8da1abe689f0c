// A file of the case page by page in a dialog: a page as a picture, a text as text.

import { boot, t } from '../texts.js';
import { h } from '../dom.js';

let shown = null;

/** Opens the preview wherever a button asks for it. */
export function start() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-preview]');
    if (button) open(button.dataset);
    const turn = event.target.closest('#preview [data-turn]');
    if (turn) look(shown.page + Number(turn.dataset.turn));
    if (event.target.closest('#preview [data-close]')) document.getElementById('preview').close();
  });
  document.getElementById('preview')?.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowRight' || event.key === 'PageDown') look(shown.page + 1);
    if (event.key === 'ArrowLeft' || event.key === 'PageUp') look(shown.page - 1);
  });
}

function open({ preview, kind, pages, name }) {
  shown = { id: preview, kind, pages: Number(pages), name, page: 0 };
  document.getElementById('preview-t').textContent = name;
  document.getElementById('preview').showModal();
  look(1);
}

async function look(page) {
  if (page < 1 || page > shown.pages) return;
  shown.page = page;
  const address = `${boot.api}/cases/${boot.form.case}/materials/${shown.id}/preview?page=${page}&width=960`;
  const place = document.getElementById('preview-page');
  document.getElementById('preview-at').textContent = t('portal.form.js.page', { page, pages: shown.pages });
  document.querySelectorAll('#preview [data-turn]').forEach((turn) => { const to = page + Number(turn.dataset.turn); turn.disabled = to < 1 || to > shown.pages; });
  const failed = () => place.replaceChildren(h('p', { class: 'sm mut' }, t('portal.form.js.preview_failed')));
  if (shown.kind === 'text') {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) place.replaceChildren(h('pre', {}, await answer.text()));
    else failed();
    return;
  }
  place.replaceChildren(h('img', { src: address, alt: `${shown.name} ${page}`, onerror: failed }));
}
