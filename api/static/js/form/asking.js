// A question in a dialog of the page whose buttons say data-answer="yes" or "no".

/** Resolves to whether the reader said yes. */
export function asked(id) {
  const dialog = document.getElementById(id);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    const answer = (event) => { const button = event.target.closest('[data-answer]'); if (button) dialog.close(button.dataset.answer); };
    dialog.addEventListener('click', answer);
    dialog.addEventListener('close', () => { dialog.removeEventListener('click', answer); resolve(dialog.returnValue === 'yes'); }, { once: true });
  });
}
