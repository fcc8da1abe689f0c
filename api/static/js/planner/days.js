// The day of the map: a field, a step to each side, and a slider over the years with how many rights were in force.

import { get } from '../api.js';
import { byId, fill, h } from '../dom.js';
import { toast } from '../portal/toast.js';
import { boot, say, t } from '../texts.js';
import { isDay, listen, setDay, setTime, view } from './view.js';

const FIRST = `${boot.first_year}-01-01`;
const words = new Intl.DateTimeFormat(boot.lang === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });
const at = (day) => new Date(`${day}T00:00:00Z`);
const iso = (date) => date.toISOString().slice(0, 10);
export const dayInWords = (day) => words.format(at(day));

/** So many days or months later; the last day of a shorter month where the day does not exist. */
function later(day, days, months = 0) {
  const date = at(day);
  if (months) {
    const wanted = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    date.setUTCDate(Math.min(wanted, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()));
  }
  date.setUTCDate(date.getUTCDate() + days);
  return iso(date);
}

const clamped = (day) => (day < FIRST ? FIRST : day);

/** Listens to the field, the buttons and the slider. */
export async function start() {
  byId('day-before').addEventListener('click', () => setDay(clamped(later(view.day, -1))));
  byId('day-after').addEventListener('click', () => setDay(later(view.day, 1)));
  byId('day-today').addEventListener('click', () => setDay(boot.day));
  byId('day').addEventListener('change', typed);
  byId('day').addEventListener('keydown', (event) => { if (event.key === 'Enter') typed(); });
  byId('times').addEventListener('change', (event) => { if (!setTime(event.target.value)) latest(); });
  const slider = byId('years');
  slider.addEventListener('keydown', keyed);
  slider.addEventListener('pointerdown', (event) => { slider.setPointerCapture(event.pointerId); pointed(event); });
  slider.addEventListener('pointermove', (event) => { if (slider.hasPointerCapture(event.pointerId)) move(event); });
  slider.addEventListener('pointerup', pointed);
  slider.addEventListener('pointercancel', show);
  listen((what) => { if (what === 'day') show(); if (what === 'units') unrecorded(); });
  show();
  const { years } = await get('/planning/years').catch(() => ({ years: [] }));
  draw(years);
}

function typed() {
  const told = byId('day').value.trim();
  const fits = isDay(told);
  byId('day').setAttribute('aria-invalid', String(!fits));
  byId('day-wrong').hidden = fits;
  if (fits && !setDay(told)) { latest(); show(); }
}

/** Words for a day to come that was asked for by record time. */
function latest() {
  const words = t('portal.planner.time.latest');
  toast(words);
  say(words);
}

/** Since when there are records, where an empty map is owed to that. */
function unrecorded() {
  const early = boot.recorded_since === null || view.day < boot.recorded_since;
  byId('unrecorded').hidden = !(view.time === 'record' && early && view.units.counts?.total === 0);
}

function keyed(event) {
  const side = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (side) setDay(clamped(event.shiftKey ? later(view.day, 0, side) : later(view.day, side)));
  else if (event.key === 'Home') setDay(FIRST);
  else if (event.key === 'End') setDay(boot.day);
  else return;
  event.preventDefault();
}

const span = () => [at(FIRST).getTime(), Math.max(at(`${boot.day.slice(0, 4)}-12-31`).getTime(), at(view.day).getTime())];

function dayAt(event) {
  const box = byId('years').getBoundingClientRect();
  const [first, last] = span();
  const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  return iso(new Date(first + part * (last - first)));
}

function move(event) { const day = dayAt(event); byId('day').value = day; place(day); }
function pointed(event) {
  if (event.type !== 'pointerup') move(event);
  else if (!setDay(dayAt(event))) { latest(); show(); }
}

function place(day) {
  const [first, last] = span();
  byId('now').style.left = `${((at(day).getTime() - first) / (last - first)) * 100}%`;
  for (const bar of byId('bars').children) bar.classList.toggle('on', bar.dataset.year === day.slice(0, 4));
}

function show() {
  byId('day').value = view.day;
  byId('day').removeAttribute('aria-invalid');
  byId('day-wrong').hidden = true;
  const recorded = view.time === 'record';
  byId('head-day').textContent = t(recorded ? 'portal.planner.head.record' : 'portal.planner.head', { day: dayInWords(view.day) });
  byId('times').querySelector(`[value=${view.time}]`).checked = true;
  // The bars tell what was in force, as it is known now.
  byId('bars').classList.toggle('away', recorded);
  byId('map-panel').classList.toggle('other', view.day !== boot.day || recorded);
  const slider = byId('years');
  const number = (day) => Math.round(at(day).getTime() / 86400000);
  slider.setAttribute('aria-valuemin', number(FIRST));
  slider.setAttribute('aria-valuemax', Math.round(span()[1] / 86400000));
  slider.setAttribute('aria-valuenow', number(view.day));
  slider.setAttribute('aria-valuetext', dayInWords(view.day));
  place(view.day);
}

function draw(years) {
  const most = Math.max(1, ...years.map((each) => each.units));
  const bars = years.map((each) => h('i', { 'data-year': each.year, title: t('portal.planner.year', { year: each.year, n: each.units.toLocaleString('en-US') }) }));
  bars.forEach((bar, order) => { bar.style.height = `${(years[order].units / most) * 100}%`; });
  fill(byId('bars'), bars);
  const step = Math.max(1, Math.ceil(years.length / 5));
  fill(byId('years-named'), years.filter((each, order) => order % step === 0 || order === years.length - 1).map((each) => h('span', {}, String(each.year))));
  place(view.day);
}
