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

/** The register says nothing of a day to come: by record time the latest day is today. */
const within = (day, time) => (time === 'record' && day > boot.day ? boot.day : day);
view.day = within(view.day, view.time);

/** Another day; the same day changes nothing. Whether it is the day that was asked for. */
export function setDay(day) {
  set('day', within(day, view.time), boot.day);
  return view.day === day;
}

/** By the other time. Whether the day could stay. */
export function setTime(time) {
  const day = within(view.day, time);
  const stays = day === view.day;
  view.day = day;
  set('time', time, 'valid');
  return stays;
}

/** Keeps a choice in the address, unless it is the usual one. */
function set(name, value, usual) {
  if (view[name] === value) return;
  view[name] = value;
  const now = new URLSearchParams(location.search);
  if (value === usual) now.delete(name); else now.set(name, value);
  if (view.day === boot.day) now.delete('day');
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
