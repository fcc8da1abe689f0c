// The planner's map: brings its parts together and finds a parcel by its number.

import { get } from '../api.js';
import { byId } from '../dom.js';
import { toast } from '../portal/toast.js';
import { boot, say, t } from '../texts.js';
import * as chart from './chart.js';
import * as days from './days.js';
import * as paper from './paper.js';
import * as panel from './panel.js';
import * as side from './side.js';
import * as stops from './stops.js';
import { listen, setDay, view } from './view.js';

listen((what) => { if (what === 'day' || what === 'shown') chart.refresh(); });
panel.start();
side.start();
stops.start();
paper.start();
days.start();
chart.start();
byId('find').addEventListener('submit', find);

async function find(event) {
  event.preventDefault();
  const code = byId('code').value.trim();
  if (!code) return;
  const words = t('portal.planner.search.none', { code });
  try {
    const found = await get(`/register/${encodeURIComponent(code)}`);
    await chart.goTo(found.features);
    if (!chart.select(found.features.map(({ id }) => id), code)) notShown(code, found.features);
  } catch (problem) {
    if (problem.status === 404 && boot.cases && await isCase(code)) { location.assign(`/cases/${encodeURIComponent(code)}`); return; }
    const told = problem.status === 404 ? words : problem.title;
    toast(told);
    say(told);
  }
}

/** Why what was found is not on the map, and the way to the day on which it is. */
function notShown(code, features) {
  if (view.time === 'record') {
    const words = t('portal.planner.search.not_recorded', { code, day: view.day });
    toast(words);
    say(words);
    return;
  }
  const { from, to } = features.at(-1).properties;
  const day = from && from > view.day ? from : to && to < view.day ? to : null;
  const words = t(day ? 'portal.planner.search.not_then' : 'portal.planner.search.hidden', { code, from: from ?? '…', to: to ?? '…' });
  toast(words, day ? async () => { setDay(day); await chart.refresh(); chart.select(features.map(({ id }) => id), code); } : null, t('portal.planner.search.day', { day }));
  say(words);
}

const isCase = (number) => get(`/cases/${encodeURIComponent(number)}`).then(() => true, () => false);
