// The few facts about the use that a check needs: type, mode, dates, layers, months.

import { byId } from '../dom.js';
import { boot, months, t } from '../texts.js';

const checked = (name) => [...document.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
const KEPT = ['use-type', 'use-mode', 'use-words', 'from', 'to'];

/** `changed()` runs after any change of the form. */
export function start(changed) {
  byId('use').addEventListener('submit', (event) => event.preventDefault());
  byId('use').addEventListener('change', (event) => {
    if (event.target.name === 'mode') proposeLayers(event.target.value);
    byId('months-now').textContent = months(checked('months').map(Number));
    valid();
    changed();
  });
  byId('months-now').textContent = months(checked('months').map(Number));
}

/** The layers that the mode usually takes are proposed; the reader may change them. */
function proposeLayers(mode) {
  const names = boot.modes.find((item) => item.code === mode)?.layers;
  if (!names?.length) return;
  for (const box of document.querySelectorAll('input[name="layers"]')) box.checked = names.includes(box.value);
}

/** A day written 2027/1/1, 2027.1.1, 20270101 or 2027年1月1日, in the house's order; anything else stays as it was typed. */
function iso(typed) {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(typed.trim()) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(typed.trim());
  return match ? `${match[1]}-${match[2].padStart(2, '0')}-${match[3].padStart(2, '0')}` : typed.trim();
}

/** Whether the calendar has that day: 2027-02-30 is none. */
function isDay(written) {
  const at = new Date(`${written}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written);
}

/** Says beside the dates what is wrong with them; true when the form can be sent. */
export function valid() {
  const [from, to] = [byId('from'), byId('to')];
  for (const field of [from, to]) if (field !== document.activeElement) field.value = iso(field.value);
  const [first, last] = [iso(from.value), iso(to.value)];
  const wrong = first && !isDay(first) ? from : last && !isDay(last) ? to : null;
  const fault = !first || !last ? 'page.use.dates.empty' : wrong ? 'page.use.dates.unreadable' : last < first ? 'page.use.dates.backwards' : null;
  const line = byId('dates-error');
  line.hidden = !fault;
  line.lastElementChild.textContent = fault ? t(fault, { text: wrong?.value ?? '' }) : '';
  for (const field of [from, to]) {
    field.setAttribute('aria-invalid', String(Boolean(fault) && (!wrong || field === wrong)));
    field.setAttribute('aria-describedby', fault ? 'dates-error' : 'dates-hint');
  }
  return !fault;
}

export const checkedLayers = () => checked('layers');

/** Type, days, layers and months, as the interface takes them. */
export function facts() {
  const layers = checkedLayers();
  return {
    type: byId('use-type').value || null,
    from: iso(byId('from').value),
    to: iso(byId('to').value),
    layers: layers.length ? layers : null,
    months: checked('months').length ? checked('months').map(Number) : null,
  };
}

/** What the form says, to be kept in this browser. */
export function told() {
  return { fields: Object.fromEntries(KEPT.map((id) => [id, byId(id).value])), layers: checkedLayers(), months: checked('months'), party: byId('party')?.value ?? null };
}

/** Puts back what was kept. */
export function restore(kept) {
  if (!kept?.fields) return;
  for (const id of KEPT) if (kept.fields[id] !== undefined) byId(id).value = kept.fields[id];
  for (const [name, list] of [['layers', kept.layers], ['months', kept.months]]) {
    for (const box of document.querySelectorAll(`input[name="${name}"]`)) box.checked = list?.includes(box.value) ?? box.checked;
  }
  const party = byId('party');
  if (party?.options && [...party.options].some((option) => option.value === kept.party)) party.value = kept.party;
  byId('months-now').textContent = months(checked('months').map(Number));
}

/** What the address asked for stands above what was kept: it is the newer word. */
export function asked(given = {}) {
  for (const [id, value] of Object.entries(given)) if (value) byId(id).value = value;
}
