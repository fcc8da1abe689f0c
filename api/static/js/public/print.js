// Buttons that print; without scripts they stay away, for the browser's own menu prints too.

document.querySelectorAll('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => print());
});
