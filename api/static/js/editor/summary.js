// The figures of the boundary: health and fingerprint under the table, sums at its foot, the bar at the bottom. What belongs to the
// boundary before the last change stays, pale, until the answer comes.

import { byId, fill, glyph, h, icon } from '../dom.js';
import { boot, hectares, layers, metres, t } from '../texts.js';
import { inOrder, isClosed } from './model.js';
import { on, state } from './state.js';
import { checkedLayers } from './use.js';

/** Follows drafts, reports and faults. */
export function start() {
  on('draft', settled);
  on('faults', health);
  on('report', reported);
  on('model', (model) => { if (!model.moving) { health(); described(); } });
  on('stale', (stale) => { document.documentElement.toggleAttribute('data-stale', stale); });
}

function settled(draft) {
  byId('plane').textContent = draft ? t('page.plane', { meridian: meridian(draft.central_meridian) }) : '';
  const area = draft ? hectares(draft.area_ha) : '–';
  byId('sum-area').textContent = area;
  byId('foot-area').textContent = area;
  health();
}

/** Passed, or how many faults; which of both the server said. */
function health() {
  const box = byId('health');
  const open = state.model?.exterior.length > 0 && !isClosed(state.model);
  box.hidden = !state.draft && !state.faults.length && !open;
  if (box.hidden) return;
  const title = h('span', { class: 'b sm' }, t('page.health'));
  if (open) { fill(box, h('div', { class: 'row sp' }, title), h('p', { class: 'xs mut' }, t('editor.health.open', { n: inOrder(state.model).length }))); return; }
  const blocking = state.faults.filter((fault) => fault.severity === 'blocks').length;
  if (blocking) {
    fill(box, h('div', { class: 'row sp' }, title, h('span', { class: 'xs bad row' }, icon('conflict', 's'), t('editor.faults', { n: blocking }))), h('p', { class: 'xs mut' }, t('editor.health.faults')));
    return;
  }
  const { hash, units } = state.draft;
  fill(box, h('div', { class: 'row sp' }, title, h('span', { class: 'xs ok row' }, icon('clear', 's'), t('page.health.ok'))),
    h('p', { class: 'xs mut' }, t('page.health.what', { units: units.length })),
    h('p', { class: 'xs dim' }, t('page.health.hash'), ' ', h('span', { title: hash, class: 'nw' }, `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}`.toUpperCase())));
}

function reported(report) {
  const of = (beginning) => report?.findings.find((finding) => finding.code.startsWith(beginning));
  const shore = (report?.findings ?? []).filter((finding) => finding.code.startsWith('shoreline.') && finding.facts?.length_m);
  byId('sum-shore').textContent = report ? metres(shore.reduce((sum, finding) => sum + Number(finding.facts.length_m), 0)) : '–';
  authority(of('authority.'));
  fee(report);
  finish(of('place.within'));
  const term = of('term.');
  const line = byId('term');
  line.hidden = !term;
  line.className = `sm row top-aligned ${term?.grade === 'conflict' ? 'errm' : 'mut'}`;
  fill(line, term ? [icon(term.grade === 'conflict' ? 'conflict' : term.grade === 'clear' ? 'clear' : 'question', 's'), h('span', {}, term.text)] : []);
}

function authority(finding) {
  const decided = finding?.code === 'authority.decided';
  fill(byId('foot-authority'), !finding ? '–' : decided
    ? [t('editor.foot.government', { place: finding.facts[`place_${boot.lang}`] }), ' ', h('span', { class: 'sm mut' }, t(`editor.level.${finding.facts.level}`))] : h('span', { class: 'sm' }, finding.text));
}

/** The last promised day, for the place in whose sea the boundary lies. */
function finish(place) {
  const told = boot.finishes[place?.facts.place_code];
  fill(byId('foot-finish'), told?.on ? [told.on, ' ', h('span', { class: 'sm mut' }, t('editor.foot.days', { n: told.days }))] : '–');
}

function fee(report) {
  if (!report) { byId('foot-fee').textContent = '–'; return; }
  const total = report.fee?.facts?.total_yuan;
  const doubts = [...new Set((report.fee?.basis ?? []).map((source) => source.mark).filter((mark) => mark === 'unverified' || mark === 'edition_not_confirmed'))];
  fill(byId('foot-fee'), total
    ? [t('page.fee.yuan', { n: Number(total).toLocaleString('en-US', { minimumFractionDigits: 2 }) }), ' ', h('span', { class: 'sm mut' }, t('editor.foot.fee.span', { from: report.fee.facts.from.slice(0, 4), to: report.fee.facts.to.slice(0, 4) })),
      doubts.flatMap((mark) => [' ', h('span', { class: `src ${mark}` }, icon('question'), t(`page.mark_of.${mark}`))])]
    : report.fee ? h('span', { class: 'sm' }, report.fee.text) : t('page.fee.unknown'));
}

/** Mode and layers, from the form and the units. */
export function described() {
  const names = checkedLayers();
  fill(byId('sum-layers'), glyph(names.length ? names : ['surface', 'water_column', 'seabed', 'subsoil']), h('span', {}, names.length ? layers(names) : t('page.layer.all')));
  const chosen = byId('use-mode').value;
  const modes = [...new Set((state.model?.units ?? []).map((unit) => unit.mode ?? chosen))];
  const label = (code) => boot.modes.find((mode) => mode.code === code)?.label ?? code;
  byId('sum-mode').textContent = (modes.length ? modes : [chosen]).map(label).join(t('page.comma'));
}

function meridian(text) {
  const value = Number(text);
  return `${Math.floor(value)}°${String(Math.round((value % 1) * 60)).padStart(2, '0')}′E`;
}
