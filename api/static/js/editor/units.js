// Inner units (内部单元): each with its mode; a unit is cut in two between two of its points, and all can be joined again.

import { byId, fill, h } from '../dom.js';
import { on, state } from '../state.js';
import { boot, say, t } from '../texts.js';
import { change } from './history.js';
import { describe, inOrder, isClosed, join, split } from './model.js';
import { done } from './words.js';

export function start() {
  on('model', (model) => { if (!model.moving) show(model); });
  byId('split').addEventListener('click', cut);
  byId('join').addEventListener('click', () => { change(join(state.model)); done('editor.joined'); });
}

function show(model) {
  byId('units-block').hidden = !isClosed(model) || state.readonly;
  const several = model.units.length > 1;
  byId('join').hidden = !several;
  fill(byId('units'), several ? model.units.map((unit, order) => line(unit, order)) : []);
  const points = inOrder(model).map((point) => h('option', { value: point.id }, String(point.number)));
  for (const [id, chosen] of [['split-from', 0], ['split-to', 2]]) {
    const was = byId(id).value;
    fill(byId(id), points.map((option) => option.cloneNode(true)));
    byId(id).value = was && model.points[was] ? was : inOrder(model)[chosen]?.id ?? '';
  }
}

function line(unit, order) {
  const id = `unit-mode-${order}`;
  const field = h('select', { class: 'inp', id, onchange: (event) => change(describe(state.model, order, { mode: event.target.value })) }, boot.modes.map((mode) => h('option', { value: mode.code, selected: mode.code === (unit.mode ?? byId('use-mode').value) }, `${mode.code} ${mode.label}`)));
  return h('div', { class: 'fld' }, h('label', { for: id }, t('editor.unit', { n: order + 1, points: unit.rings[0].map((each) => state.model.points[each].number).join('-') })), field);
}

function cut() {
  const [from, to] = [byId('split-from').value, byId('split-to').value];
  const units = state.model.units;
  const unit = units.findIndex((each) => !each.rings || (each.rings[0].includes(from) && each.rings[0].includes(to)));
  const made = unit < 0 ? state.model : split(state.model, unit, from, to);
  if (made === state.model) { say(t('editor.split.not')); byId('split-fault').hidden = false; return; }
  byId('split-fault').hidden = true;
  change(made);
  done('editor.split.done');
}
