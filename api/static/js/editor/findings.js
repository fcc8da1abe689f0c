// The answer in words: badges, finding cards worst first, the remedy, what was not judged, and the marks of doubt of each basis.

import { byId, fill, glyph, h, icon } from '../dom.js';
import { grade, hectares, layers, metres, months, percent, say, t } from '../texts.js';
import { card as faultCard } from './faults.js';
import { showFinding, showRemedy } from './hits.js';
import { on, state } from './state.js';
import { speak } from './words.js';

const ORDER = ['conflict', 'needs_consent', 'within_tolerance', 'compatible', 'touching', 'clear'];
const MARKS = { unverified: 'question', edition_not_confirmed: 'section', house: 'info', sample: 'info' };
let adopt = null;

/** `whenAdopted(geometry)` runs when the reader takes the remedy's boundary. */
export function start(whenAdopted) {
  adopt = whenAdopted;
  on('stale', (stale) => {
    byId('results').setAttribute('aria-busy', String(stale));
    // An answer that is no report has no time to tell: the words about the one before go.
    byId('findings-when').textContent = stale && state.report ? t('editor.findings.stale') : '';
  });
}

/** Icon and word together. */
export function badge(word, count = null) {
  return h('span', { class: `gb ${word}` }, icon({ unjudged: 'question', note: 'info' }[word] ?? word), count === null ? grade(word) : `${count} ${grade(word).toLowerCase()}`);
}

/** A mark of doubt: word and icon beside the value. */
export function mark(name) {
  return h('span', { class: `src ${name}` }, icon(MARKS[name] ?? 'question'), t(`page.mark_of.${name}`));
}

function facts(finding) {
  const f = finding.facts ?? {};
  const rows = [];
  const add = (code, ...value) => rows.push(h('dt', {}, t(`page.fact.${code}`)), h('dd', {}, ...value));
  if (Number(f.overlap_ha ?? 0) > 0) add('overlap', h('b', {}, hectares(f.overlap_ha)), f.share_draft ? t('page.fact.share', { share: percent(f.share_draft) }) : '');
  if (f.width_m) add('width', metres(f.width_m));
  if (f.shared_edge_m && Number(f.shared_edge_m) > 0) add('edge', metres(f.shared_edge_m));
  if (f.layers?.length) add('layers', h('span', { class: 'row' }, glyph(f.layers), layers(f.layers)));
  if (f.from || f.to) add('dates', t('page.fact.dates.value', { from: f.from ?? t('page.fact.open'), to: f.to ?? t('page.fact.open') }));
  if (f.months && f.months.length < 12) add('months', months(f.months));
  return rows.length ? h('dl', { class: 'facts' }, rows) : null;
}

function basis(finding) {
  if (!finding.basis?.length) return null;
  const item = (source) => h('li', {}, h('div', { class: 'row w' }, h('span', {}, source.cite), source.mark ? mark(source.mark) : null),
    source.edition ? h('div', { class: 'dim' }, t('page.basis.edition', { edition: source.edition })) : null);
  const doubts = [...new Set(finding.basis.map((source) => source.mark).filter(Boolean))];
  return h('div', { class: 'col' }, h('details', { class: 'basis' }, h('summary', {}, t('page.basis')), h('ul', {}, finding.basis.map(item))),
    doubts.length ? h('div', { class: 'row w' }, doubts.map(mark)) : null);
}

/** The first clause is the title, the rest the body; what the list of facts says already is not said twice. */
function told(finding) {
  const match = /^(.+?)(?:[。；，]|[.,:;](?=\s|$))\s*(.*)$/s.exec(finding.text);
  if (!match) return [finding.text, ''];
  const f = finding.facts ?? {};
  // The rest of an English sentence becomes one of its own.
  const rest = match[2].charAt(0).toUpperCase() + match[2].slice(1);
  return [match[1], f.overlap_ha && f.width_m && f.layers ? '' : rest];
}

function card(finding, index, remedyBlock) {
  const [title, body] = told(finding);
  const word = finding.grade ?? (finding.severity === 'blocks' ? 'conflict' : 'unjudged');
  const place = finding.geometry ? h('button', { type: 'button', class: 'btn s', onclick: () => showFinding(index) }, icon('map', 's'), t('page.show_on_map')) : null;
  return h('article', { class: `fc ${word}`, 'data-finding': index, 'aria-label': title, onfocusin: () => showFinding(index, { move: false }), onmouseenter: () => showFinding(index, { move: false }) },
    h('div', { class: 'row sp top-aligned' }, h('h3', { class: 'wrap-title' }, title), finding.grade ? badge(finding.grade) : null),
    facts(finding), body ? h('p', { class: 'sm mut' }, body) : null, finding.mend ? h('p', { class: 'sm' }, finding.mend) : null,
    basis(finding), remedyBlock, place ? h('div', { class: 'row w' }, place) : null);
}

function remedy(report, conflicts) {
  const block = report.remedy;
  if (!block?.geometry) return null;
  const further = block.further ?? [];
  return h('div', { class: 'remedy' },
    h('div', { class: 'row top-aligned' }, h('span', { class: 'i-tick' }, icon('clear', 'tick')),
      h('span', { class: 'sm' }, h('b', {}, t('page.remedy.head')), t(conflicts > 1 ? 'page.remedy.many' : 'page.remedy.one', { n: conflicts, area: hectares(block.geometry.area_ha) }),
        further.length ? t('page.remedy.further', { n: further.length }) : '', block.dropped_units?.length ? t('page.remedy.dropped', { n: block.dropped_units.length }) : '')),
    h('div', { class: 'row w' },
      h('button', { type: 'button', class: 'btn p s', id: 'adopt', onclick: () => adopt(block.geometry) }, t('page.remedy.adopt')),
      h('button', { type: 'button', class: 'btn s', onclick: showRemedy }, t('page.remedy.compare'))));
}

function folded(list, word) {
  const words = word === 'touching' && list.length === 1 ? told(list[0])[0] : t(`page.fold.${word}`, { n: list.length });
  const head = h('summary', {}, badge(word), h('span', { class: 'sm' }, words), h('span', { class: 'chev' }, icon('chevron', 's')));
  return h('details', { class: 'fold' }, head, h('ul', {}, list.map((finding) => h('li', {}, finding.text, finding.mend ? h('p', { class: 'xs dim' }, finding.mend) : null, basis(finding)))));
}

function notJudged(report) {
  if (!report.not_judged?.length) return null;
  return h('section', { class: 'fc', 'aria-label': t('page.not_judged') }, h('div', { class: 'row sp' }, h('h3', {}, t('page.not_judged')), badge('unjudged', report.not_judged.length)),
    h('ul', { class: 'col sm mut' }, report.not_judged.map((item) => h('li', {}, item.text))), h('p', { class: 'xs dim' }, t('page.not_judged.why')));
}

/** Puts a report beside the map. */
export function show(report, took) {
  const indexed = report.findings.map((finding, index) => ({ finding, index }));
  const of = (word) => indexed.filter(({ finding }) => finding.grade === word);
  const rank = ({ finding }) => (finding.grade ? ORDER.indexOf(finding.grade) : finding.severity === 'blocks' ? 0 : 2);
  // Where it lies, who approves, how long: told, but nothing to act on.
  const notes = indexed.filter(({ finding }) => !finding.grade && finding.severity !== 'blocks' && finding.severity !== 'warns').map(({ finding }) => finding);
  const shown = indexed.filter(({ finding }) => !['clear', 'touching'].includes(finding.grade) && !notes.includes(finding) && !(finding.at && finding.severity === 'warns')).sort((a, b) => rank(a) - rank(b));
  const conflicts = of('conflict').length;
  const slips = state.faults.map((fault) => faultCard(fault));
  const rest = remedy(report, conflicts);
  const cards = shown.map(({ finding, index }, order) => card(finding, index, conflicts === 1 && order === 0 ? rest : null));
  if (conflicts !== 1 && rest) cards.splice(conflicts, 0, rest);
  const badges = ORDER.map((word) => [word, of(word).length]).filter(([, count]) => count).map(([word, count]) => badge(word, count));
  const doubts = report.findings.flatMap((finding) => finding.basis ?? []).filter((source) => ['unverified', 'edition_not_confirmed'].includes(source.mark)).length;
  fill(byId('results'), h('div', { class: 'row w' }, badges), doubts ? h('p', { class: 'xs dim' }, t('page.doubts', { n: doubts })) : null,
    slips, cards, notJudged(report), of('touching').length ? folded(of('touching').map(({ finding }) => finding), 'touching') : null, notes.length ? folded(notes, 'note') : null, of('clear').length ? folded(of('clear').map(({ finding }) => finding), 'clear') : null);
  byId('findings-when').textContent = t('page.findings.when', { time: new Date().toLocaleTimeString('en-GB'), seconds: (took / 1000).toFixed(2) });
  verdict(report);
  speak(summary(report, indexed));
}

function summary(report, indexed) {
  const parts = ORDER.slice(0, 2).map((word) => [word, indexed.filter(({ finding }) => finding.grade === word)]).filter(([, list]) => list.length);
  const words = parts.map(([word, list]) => {
    const area = list.reduce((sum, { finding }) => sum + Number(finding.facts?.overlap_ha ?? 0), 0);
    return `${list.length} ${grade(word)}${area ? `${t('page.comma')}${t('page.fact.overlap')} ${hectares(area)}` : ''}`;
  });
  if (words.length) return words.join(t('page.semicolon'));
  return report.fits ? t('page.said.fits', { grade: grade(report.grade) }) : t('page.verdict.unjudged', { n: report.not_judged.length });
}

function verdict(report) {
  const open = (report.not_judged ?? []).filter((item) => item.required !== false).length;
  const unjudged = open > 0 && ['clear', 'touching', 'within_tolerance', 'compatible'].includes(report.grade);
  const words = unjudged ? t('page.verdict.unjudged', { n: open }) : t(`page.verdict.${report.grade}`);
  fill(byId('foot-verdict'), h('span', { class: 'row w' }, badge(unjudged ? 'unjudged' : report.grade), h('span', { class: 'sm b' }, words)));
}

/** While waiting: what was found of the old boundary stays, pale; else a skeleton after 300 ms; words after two seconds. */
export function waiting() {
  const skeleton = () => fill(byId('results'), h('div', { class: 'fc col' }, ['a', 'b', 'c'].map((size) => h('div', { class: `skeleton ${size}` })), h('p', { class: 'sm mut', id: 'waiting-words' })));
  const soon = setTimeout(() => { if (!state.report) skeleton(); }, 300);
  const later = setTimeout(() => { (byId('waiting-words') ?? byId('findings-when')).textContent = t('page.waiting'); say(t('page.waiting')); }, 2000);
  return () => { clearTimeout(soon); clearTimeout(later); };
}

/** An error has the shape of a finding, with a way on. */
export function failed(problem, again) {
  fill(byId('results'), h('div', { class: 'fc error', role: 'alert' }, h('h3', {}, problem.title ?? t('page.broken')), h('p', { class: 'sm mut' }, problem.detail ?? String(problem.message)),
    (problem.findings ?? []).map((finding) => h('p', { class: 'sm' }, finding.text, ' ', finding.mend ?? '')),
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'btn s', onclick: again }, t('page.again'))), problem.code ? h('p', { class: 'xs dim' }, problem.code) : null));
  say(`${problem.title ?? ''} ${problem.detail ?? ''}`);
}

/** Nothing to check yet: how to begin. */
export function empty() {
  intro('map', 'page.empty.title', 'page.empty.text');
}

/** The boundary stands, but the dates cannot be read. */
export function waitsForUse() {
  intro('calendar', 'editor.wait.title', 'editor.wait.text');
}

function intro(picture, title, text) {
  fill(byId('results'), h('div', { class: 'intro' }, icon(picture), h('p', { class: 'b' }, t(title)), h('p', { class: 'sm mut' }, t(text))));
  fill(byId('foot-verdict'));
  byId('findings-when').textContent = '';
}
