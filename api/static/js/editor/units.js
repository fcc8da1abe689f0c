// Inner units (内部单元): each with its mode and use; a unit is cut in two between two of its points, and all can be joined again.

import { byId, fill, h } from '../dom.js';
import { boot, say, t } from '../texts.js';
import { change } from './history.js';
import { describe, inOrder, isClosed, join, split } from './model.js';
import { on, state } from './state.js';
import { done } from './words.js';

/** Wires the block of units. */
export function start() {
  on('model', (model) => { if (!model.moving) show(model); });
  byId('split').addEventListener('click', cut);
  byId('join').addEventListener('click', () => { change(join(state.model)); done('editor.joined'); });
}

function show(model) {
  const several = model.units.length > 1;
  byId('units-block').hidden = !isClosed(model) || (state.readonly && !several);
  byId('units-cut').hidden = state.readonly;
  byId('join').hidden = !several || state.readonly;
  if (!byId('units').contains(document.activeElement)) fill(byId('units'), several ? model.units.map((unit, order) => line(model, unit, order)) : []);
  const points = inOrder(model);
  for (const [id, chosen] of [['split-from', 0], ['split-to', 2]]) {
    const was = byId(id).value;
    fill(byId(id), points.map((point) => h('option', { value: point.id }, String(point.number))));
    byId(id).value = model.points[was] ? was : points[chosen]?.id ?? '';
  }
}

function line(model, unit, order) {
  const id = `unit-${order}`;
  const mode = unit.mode ?? byId('use-mode').value;
  const area = state.draft?.units[order]?.area_ha;
  const modes = boot.modes.map((each) => h('option', { value: each.code, selected: each.code === mode }, `${each.code} ${each.label}`));
  const numbers = unit.rings[0].map((point) => model.points[point].number).join('-');
  return h('div', { class: 'unit' },
    h('div', { class: 'fld' }, h('label', { for: `${id}-mode` }, t('editor.unit', { n: order + 1, points: numbers })), h('select', { class: 'inp', id: `${id}-mode`, disabled: state.readonly, onchange: (event) => change(describe(state.model, order, { mode: event.target.value })) }, modes)),
    h('div', { class: 'fld' }, h('label', { for: `${id}-use`, class: 'xs mut' }, t('editor.unit.use'), area && state.draft.units.length === model.units.length ? h('span', { class: 'dim' }, t('page.hectares', { n: area })) : null),
      h('input', { class: 'inp', id: `${id}-use`, value: unit.use, maxlength: 120, readonly: state.readonly, onchange: (event) => change(describe(state.model, order, { use: event.target.value.trim() })) })));
}

function cut() {
  const [from, to] = [byId('split-from').value, byId('split-to').value];
  const unit = state.model.units.findIndex((each) => !each.rings || (each.rings[0].includes(from) && each.rings[0].includes(to)));
  const made = unit < 0 ? state.model : split(state.model, unit, from, to);
  byId('split-fault').hidden = made !== state.model;
  if (made === state.model) { say(t('editor.split.not')); return; }
  change(made);
  done('editor.split.done');
}
