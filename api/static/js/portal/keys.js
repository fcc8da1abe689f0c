// Keys of every page: Ctrl K jumps, / searches, ? lists the keys, [ ] go to the case before and after, J K move in lists.

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable], [role=application]');

/** Listens on the document; a field that is typed in keeps its keys. */
export function start() {
  const jump = document.getElementById('jump');
  const help = document.getElementById('keys');
  const search = jump?.querySelector('input');
  const open = () => { if (jump && !jump.open) { jump.showModal(); search.select(); filter(); } };
  document.querySelectorAll('[data-jump]').forEach((button) => button.addEventListener('click', open));
  search?.addEventListener('input', filter);
  search?.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    jump.querySelector('#jump-list li:not([hidden]) a')?.focus();
  });
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); open(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '/') { event.preventDefault(); (document.querySelector('[data-search]') ?? { focus: open }).focus(); }
    else if (event.key === '?') help?.showModal();
    else if (event.key === '[') document.querySelector('a[rel=prev]')?.click();
    else if (event.key === ']') document.querySelector('a[rel=next]')?.click();
    else if (event.key === 'j' || event.key === 'k') move(event.key === 'j' ? 1 : -1);
  });

  function filter() {
    const words = search.value.trim().toLowerCase();
    for (const line of jump.querySelectorAll('#jump-list li')) line.hidden = words !== '' && !line.textContent.toLowerCase().includes(words);
  }
}

function move(step) {
  const rows = [...document.querySelectorAll('[data-row]')];
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, now + step))].focus();
}
