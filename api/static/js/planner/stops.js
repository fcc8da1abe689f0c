// On a phone what is selected lies in a sheet over the map with three stops: its figures, half the height, all of it.

import { byId } from '../dom.js';
import { t } from '../texts.js';
import { listen, view } from './view.js';

const STOPS = ['peek', 'half', 'full'];
// A finger that moved less has pressed the grip.
const PRESS_PX = 6;
const sheet = byId('side');
const grip = byId('grip');
let drag = null;

/** Moves by the grip: a press or a key goes on to the next stop, a drag ends at the nearest. */
export function start() {
  // After a drag by finger no click may come: a press by key (detail 0) then is still a press.
  grip.addEventListener('click', (event) => { if (!drag?.moved || event.detail === 0) stopAt(next()); drag = null; });
  grip.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by) { event.preventDefault(); stopAt(STOPS[Math.min(2, Math.max(0, STOPS.indexOf(sheet.dataset.stop) + by))]); }
  });
  grip.addEventListener('pointerdown', (event) => { drag = { y: event.clientY, height: sheet.offsetHeight, moved: false }; grip.setPointerCapture(event.pointerId); });
  grip.addEventListener('pointermove', move);
  grip.addEventListener('pointerup', settle);
  grip.addEventListener('pointercancel', settle);
  // Whoever comes by keys to what lies below sees it.
  byId('side-body').addEventListener('focusin', raise);
  listen((what) => { if (what === 'chosen' && (view.chosen.size || view.opened)) raise(); });
  stopAt(sheet.dataset.stop);
}

const next = () => STOPS[(STOPS.indexOf(sheet.dataset.stop) + 1) % STOPS.length];
const raise = () => { if (sheet.dataset.stop === 'peek') stopAt('half'); };

function stopAt(stop) {
  sheet.dataset.stop = stop;
  sheet.style.height = '';
  grip.setAttribute('aria-expanded', String(stop !== 'peek'));
  const name = t(`portal.planner.stop.${next()}`);
  grip.setAttribute('aria-label', name);
  grip.title = name;
}

function move(event) {
  if (!drag || !event.buttons) return;
  drag.moved ||= Math.abs(event.clientY - drag.y) > PRESS_PX;
  if (drag.moved) sheet.style.height = `${drag.height + drag.y - event.clientY}px`;
}

/** The stop whose height is nearest to where the finger left the sheet. */
function settle() {
  if (!drag?.moved) return;
  const left = sheet.offsetHeight;
  const heights = STOPS.map((stop) => { stopAt(stop); return Math.abs(sheet.offsetHeight - left); });
  stopAt(STOPS[heights.indexOf(Math.min(...heights))]);
}
