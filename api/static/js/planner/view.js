// What is looked at: the day, states and layers shown, what is selected; kept in the address, told to whoever listens.

import { boot } from '../texts.js';

const listeners = [];
const query = new URLSearchParams(location.search);
export const view = {
  day: isDay(query.get('day')) ? query.get('day') : boot.day,
  // By valid time (as the register knows the day now) or by record time (as it stood in the register then).
  time: query.get('time') === 'record' ? 'record' : 'valid',
  units: { kind: 'units', features: [], counts: null, shown: 0 },
  zones: [],
  sites: [],
  chosen: new Set(),
  opened: null,
};

/** A day that the map can be asked about. */
export function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(Date.parse(text)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) && text >= `${boot.first_year}-01-01` && text <= '2199-12-31';
}

/** Calls with the name of what changed: day, shown, units, chosen. */
export const listen = (call) => listeners.push(call);
export const tell = (what) => listeners.forEach((call) => call(what));

/** Another day; the same day changes nothing. */
export const setDay = (day) => set('day', day, boot.day);

/** By the other time. */
export const setTime = (time) => set('time', time, 'valid');

/** Keeps a choice in the address, unless it is the usual one. */
function set(name, value, usual) {
  if (view[name] === value) return;
  view[name] = value;
  const now = new URLSearchParams(location.search);
  if (value === usual) now.delete(name); else now.set(name, value);
  const asked = now.toString();
  history.replaceState(null, '', `${location.pathname}${asked ? `?${asked}` : ''}${location.hash}`);
  tell('day');
}

const checked = (name) => [...document.querySelectorAll(`#panel input[name=${name}]`)].filter((box) => box.checked).map((box) => box.value);

/** Whether every box of a kind is off: then nothing is asked for. */
export const nothingShown = () => !checked('state').length || !checked('layer').length;

/** The question to the server for a box in degrees. */
export function question(bounds) {
  const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => value.toFixed(6)).join(',');
  return new URLSearchParams({ bbox: box, day: view.day, time: view.time, states: checked('state').join(','), layers: checked('layer').join(',') });
}

/** The units that figures and files are about: the selected ones, else all in view. */
export const subjects = () => (view.chosen.size ? view.units.features.filter((feature) => view.chosen.has(feature.id)) : view.units.features);
