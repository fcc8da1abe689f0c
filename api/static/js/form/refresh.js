// After something has been saved, every part of the page that rests on it is fetched anew: meter, hints, reasons, known values,
// materials, signature. The fields themselves stay, and so does whatever the reader has open or is using.

import { controlsOf, fields } from './controls.js';

let asked = 0;

/** Brings the parts with data-live up to date. */
export async function refresh() {
  const mine = ++asked;
  let answer;
  try { answer = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html' } }); } catch { return; }
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (mine !== asked) return;
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (fresh && !isUsed(part)) replace(part, document.importNode(fresh, true));
  }
  for (const field of fields()) {
    const wrong = field.querySelector('[id^="says-"]')?.classList.contains('errm');
    controlsOf(field).forEach((control) => (wrong ? control.setAttribute('aria-invalid', 'true') : control.removeAttribute('aria-invalid')));
    const years = field.querySelector('[data-part="years"]');
    const fresh = years && page.getElementById(years.id);
    if (fresh) { if (fresh.hasAttribute('max')) years.max = fresh.max; else years.removeAttribute('max'); }
  }
  document.dispatchEvent(new CustomEvent('form-fresh'));
}

/** A button that was pressed is gone with the old part: the focus stays in the new one. */
function replace(part, fresh) {
  const held = part.contains(document.activeElement);
  fresh.hidden = part.hidden;
  part.replaceWith(fresh);
  if (!held) return;
  fresh.setAttribute('tabindex', '-1');
  fresh.focus({ preventScroll: true });
}

const TYPED_INTO = 'input:not([type=file]), select, textarea, details.chg[open]:not(.scan) *';
const isUsed = (part) => (part.contains(document.activeElement) && document.activeElement.matches(TYPED_INTO)) || part.querySelector('details.chg[open]:not(.scan), #code-panel:not([hidden]), [aria-busy=true]:not(button)') !== null;
