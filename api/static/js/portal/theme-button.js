// The theme: the system's, light, dark, in a ring; theme.js has set the chosen one before the first paint.

import { t } from '../texts.js';

const ORDER = ['system', 'light', 'dark'];

function chosen() {
  try { return ORDER.includes(localStorage.getItem('haiyu-theme')) ? localStorage.getItem('haiyu-theme') : 'system'; } catch { return 'system'; }
}

function keep(name) {
  try { if (name === 'system') localStorage.removeItem('haiyu-theme'); else localStorage.setItem('haiyu-theme', name); } catch { /* the choice then holds for this page */ }
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

/** Every button with data-theme-button turns the ring and says where it stands. */
export function start() {
  const buttons = [...document.querySelectorAll('[data-theme-button]')];
  let now = chosen();
  const tell = () => buttons.forEach((button) => {
    const words = t(`page.theme.${now}`);
    const told = button.querySelector('span');
    if (told) { told.textContent = words; return; }
    button.setAttribute('aria-label', words);
    button.title = words;
  });
  tell();
  for (const button of buttons) button.addEventListener('click', () => { now = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length]; keep(now); tell(); });
}
