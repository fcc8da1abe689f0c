// Who else of the office has this case open: says so of oneself while the page is in view, and takes leave when it goes.

import { post } from '../api.js';
import { fill, h } from '../dom.js';
import { boot, t } from '../texts.js';

const EVERY = 40_000;
const MOST_NAMED = 3;
const place = document.getElementById('present');
const address = place && `/cases/${encodeURIComponent(place.dataset.case)}/presence`;

let told = '';

/** Names, as the first sign of each in a disc, and in words; nothing where nobody else is here. */
function show(others) {
  // A screen reader reads what is written anew: only those who came or went are told.
  if (told === others.join()) return;
  told = others.join();
  const named = others.slice(0, MOST_NAMED).join(t('page.comma'));
  place.hidden = !others.length;
  if (!others.length) { fill(place); return; }
  const words = others.length > MOST_NAMED ? t('portal.case.present.more', { names: named, n: others.length }) : t('portal.case.present', { names: named });
  fill(place, others.slice(0, MOST_NAMED).map((name) => h('span', { class: 'av', 'aria-hidden': 'true' }, name.slice(0, 1))), h('span', {}, words));
}

/** Nobody is told of a page that lies behind another, or of a server that cannot be reached. */
async function here() {
  if (document.visibilityState !== 'visible') return;
  // Nobody pressed for it: it keeps no session from its idle end.
  const answer = await post(address, {}, { headers: { 'Content-Type': 'application/json', 'Haiyu-Unasked': '1' } }).catch(() => null);
  show(answer?.others ?? []);
}

const leave = () => fetch(`${boot.api}${address}`, { method: 'DELETE', keepalive: true }).catch(() => null);

if (place) {
  here();
  setInterval(here, EVERY);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') here(); else leave(); });
}
