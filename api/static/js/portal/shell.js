// What every page does: theme, menus, the list that jumps anywhere, keys, the line that says one is offline, forms, the tour.

import { start as forms } from './send.js';
import { start as keys } from './keys.js';
import { start as themes } from './theme-button.js';
import { start as tours } from './tour.js';

themes();
forms();
keys();
tours();
offline();
menus();
chosenFiles();

/** One line while the net is away; what was typed stays. */
function offline() {
  const line = document.getElementById('offline');
  if (!line) return;
  const show = () => { line.hidden = navigator.onLine; };
  addEventListener('online', show);
  addEventListener('offline', show);
  show();
}

/** Menus close on Escape and when something else is chosen. */
function menus() {
  const open = () => document.querySelectorAll('details[data-menu][open]');
  addEventListener('click', (event) => open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open().forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); });
  });
}

/** Beside a file field stands the name of what was chosen: the browser's own words would be in its language. */
function chosenFiles() {
  addEventListener('change', (event) => {
    const line = event.target.type === 'file' && event.target.closest('.file')?.querySelector('[data-chosen]');
    if (line) line.textContent = [...event.target.files].map((file) => file.name).join(', ');
  });
}
