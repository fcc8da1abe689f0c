// A file chosen or dropped, or a pasted table: read by the server, questions answered by choice, never a silent guess.

import { post, postFile } from '../api.js';
import { byId, fill, h, icon } from '../dom.js';
import { boot, say, t } from '../texts.js';
import { on, state } from './state.js';

let source = null;
let choices = {};
let take = null;

/** Wires file field, drop targets and paste form; `taken(geometry)` gets a boundary that was read. */
export function start(taken) {
  take = taken;
  byId('file').addEventListener('change', (event) => { if (event.target.files[0]) begin({ file: event.target.files[0] }); event.target.value = ''; });
  for (const target of [byId('drop'), byId('map-panel')]) {
    target.addEventListener('dragover', (event) => { event.preventDefault(); target.classList.add('over'); });
    target.addEventListener('dragleave', () => target.classList.remove('over'));
    target.addEventListener('drop', (event) => {
      event.preventDefault();
      target.classList.remove('over');
      if (event.dataTransfer.files[0]) begin({ file: event.dataTransfer.files[0] });
    });
  }
  byId('intake').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = byId('paste-text').value.trim();
    if (text) begin({ text }); else complain({ title: t('page.paste.empty') });
  });
  for (const button of document.querySelectorAll('[data-paste]')) button.addEventListener('click', () => { byId('paste').open = true; byId('paste-text').focus(); });
  addEventListener('paste', pasted);
  byId('example')?.addEventListener('click', () => begin({ text: boot.example, name: t('page.example.name'), choices: { crs: 'EPSG:4490' } }));
  on('model', (model) => byId('drop').classList.toggle('have', Boolean(model?.exterior.length)));
}

/** A table pasted anywhere but into a field is read as one. */
function pasted(event) {
  if (state.readonly || event.target.matches?.('textarea, input:not(.cell)')) return;
  const text = event.clipboardData.getData('text/plain');
  if (!/\n/.test(text.trim())) return;
  event.preventDefault();
  begin({ text });
}

function begin(next) {
  source = next;
  choices = { ...source.choices };
  byId('file-name').hidden = false;
  byId('file-name').textContent = t('editor.from', { name: next.file?.name ?? next.name ?? t('page.file.pasted') });
  read();
}

async function read() {
  fill(byId('questions'));
  fill(byId('intake-findings'));
  byId('drop').setAttribute('aria-busy', 'true');
  say(t('page.reading'));
  try {
    const reading = source.file ? await postFile('/files', source.file, choices) : await post('/files', { text: source.text, ...choices });
    answer(reading);
  } catch (problem) {
    complain(problem);
  } finally {
    byId('drop').removeAttribute('aria-busy');
  }
}

function answer(reading) {
  const faults = [...reading.findings, ...reading.shapes.flatMap((shape) => shape.findings)];
  fill(byId('intake-findings'), faults.map(fault));
  if (reading.questions.length) {
    fill(byId('questions'), reading.questions.map(question));
    byId('questions').querySelector('input, select, button')?.focus({ preventScroll: true });
    // Whole, above the figures that stay at the foot of the column.
    byId('questions').scrollIntoView({ block: 'center' });
    say(reading.questions.map((item) => item.text).join(' '));
    return;
  }
  fill(byId('questions'));
  const settled = reading.shapes.filter((shape) => shape.geometry);
  if (settled.length) {
    byId('paste').open = false;
    byId('paste-text').value = '';
    take({ ...settled[0].geometry, origin: settled[0].origin, source: reading.digest });
    byId('points-block').focus({ preventScroll: true });
    document.querySelector('.left').scrollTop = 0;
    say(t('page.read.done', { n: settled[0].geometry.points.length }));
  } else if (faults.length) {
    byId('intake-findings').focus();
    say(faults.map((item) => item.text).join(' '));
  }
}

function fault(finding) {
  // What was merely understood is said quietly: amber is for what waits for an answer.
  if (finding.severity === 'notes') return h('p', { class: 'hint row top-aligned' }, icon('info', 's'), h('span', {}, finding.text));
  return h('article', { class: `fc ${finding.severity === 'blocks' ? 'error' : 'question'}` }, h('p', { class: 'sm b' }, finding.text), finding.mend ? h('p', { class: 'sm mut' }, finding.mend) : null, h('p', { class: 'xs dim' }, finding.code));
}

function complain(problem) {
  const cards = problem.findings?.length ? problem.findings.map(fault) : [h('article', { class: 'fc error' }, h('p', { class: 'sm b' }, problem.title), problem.detail ? h('p', { class: 'sm mut' }, problem.detail) : null, problem.code ? h('p', { class: 'xs dim' }, problem.code) : null)];
  fill(byId('intake-findings'), cards);
  byId('intake-findings').focus();
  say(`${problem.title ?? ''} ${problem.detail ?? ''}`);
}

/** One question as a group of choices; the answer is sent with the file again. Each choice names the field that it fills. */
function question(item) {
  const name = `choice-${item.id}`;
  const answerWith = ([field, value]) => { if (value) { choices = { ...choices, [field]: value }; read(); } };
  const few = item.choices.length > 0 && item.choices.length <= 6;
  const body = few
    ? item.choices.map((choice, index) => h('label', { class: 'radio' }, h('input', { type: 'radio', name, value: index, checked: index === 0 }), h('span', {}, choice.label)))
    : item.choices.length ? h('select', { class: 'inp', name, 'aria-label': item.text }, item.choices.map((choice, index) => h('option', { value: index }, choice.label)))
      : h('input', { class: 'inp', name, 'aria-label': item.text });
  const chosen = (group) => {
    if (!item.choices.length) return [item.field, group.querySelector('.inp').value];
    const choice = item.choices[Number(group.querySelector(few ? 'input:checked' : '.inp').value)];
    return [choice.field, choice.value];
  };
  const group = h('fieldset', { class: 'fc question' }, h('legend', { class: 'vh' }, item.text), h('p', { class: 'sm b row top-aligned' }, icon('question', 's'), h('span', {}, item.text)), item.hint ? h('p', { class: 'hint' }, item.hint) : null, body,
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'btn s p', onclick: () => answerWith(chosen(group)) }, t('page.question.take'))));
  return group;
}
