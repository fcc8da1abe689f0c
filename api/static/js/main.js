// Starts the page: read a boundary, say its use, check it, adopt the remedy, check again.

import { post } from './api.js';
import * as chart from './chart.js';
import { byId } from './dom.js';
import * as findings from './findings.js';
import * as intake from './intake.js';
import * as paper from './paper.js';
import * as points from './points.js';
import { on, set, state } from './state.js';
import { hectares, say, t } from './texts.js';
import * as twin from './twin.js';
import * as use from './use.js';

let question = 0;
let waitingForNet = false;

async function check({ focus = true } = {}) {
  const button = byId('go');
  if (!state.draft) { say(t('page.go.need_boundary')); byId('file').focus(); return; }
  if (!use.valid()) { document.querySelector('.day[aria-invalid=true]').focus(); say(byId('dates-error').textContent); return; }
  const mine = ++question;
  button.setAttribute('aria-busy', 'true');
  const ready = findings.waiting();
  const began = performance.now();
  try {
    const report = await post('/checks', use.values(state.draft));
    if (mine !== question) return;
    set('checked', true);
    set('report', report);
    nearer();
    findings.show(report, performance.now() - began);
    paper.keep(report);
    summary(report);
    if (focus) byId('findings-title').focus();
  } catch (problem) {
    if (mine !== question) return;
    set('report', null);
    waitingForNet = problem.offline === true;
    findings.failed(problem, () => check());
  } finally {
    ready();
    if (mine === question) button.removeAttribute('aria-busy');
  }
}

/** On a phone the answer stands right below the map; it is moved, not only shown there, so that reading order follows. */
function nearer() {
  const left = document.querySelector('.left');
  if (matchMedia('(max-width: 720px)').matches) left.before(byId('findings'));
  else left.after(byId('findings'));
}

/** Authority and fee under the map, as far as the report knows them. */
function summary(report) {
  const authority = report.findings.find((finding) => finding.code.startsWith('authority.'));
  byId('foot-authority').textContent = authority ? authority.text : '–';
  byId('foot-fee').textContent = report.fee ? report.fee.text : t('page.fee.unknown');
  byId('foot-rules').textContent = report.rules.slice(0, 8);
}

function changed() {
  question += 1;
  if (!state.report) return;
  set('report', null);
  findings.stale();
}

function adopt(geometry) {
  const before = state.draft;
  set('draft', { ...geometry, origin: before.origin });
  toast(t('page.toast.adopted', { area: hectares(geometry.area_ha) }), () => { set('draft', before); check(); });
  check();
}

let toastTimer = null;
function toast(words, undo) {
  const box = byId('toast');
  const button = box.querySelector('button');
  box.firstElementChild.textContent = words;
  box.hidden = false;
  const arm = () => { clearTimeout(toastTimer); toastTimer = setTimeout(() => { box.hidden = true; }, 8000); };
  button.onclick = () => { box.hidden = true; undo(); byId('findings-title').focus(); };
  button.onfocus = () => clearTimeout(toastTimer);
  button.onblur = arm;
  arm();
}

function theme() {
  const button = byId('theme');
  const order = ['system', 'light', 'dark'];
  const now = () => document.documentElement.dataset.theme ?? 'system';
  const name = () => { byId('theme-now').textContent = t(`page.theme.${now()}`); };
  button.addEventListener('click', () => {
    const next = order[(order.indexOf(now()) + 1) % order.length];
    if (next === 'system') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = next;
    try { if (next === 'system') localStorage.removeItem('haiyu-theme'); else localStorage.setItem('haiyu-theme', next); } catch { /* the choice then lasts for this page */ }
    name();
    say(t(`page.theme.${next}`));
  });
  name();
}

function net() {
  const show = () => { byId('offline').hidden = navigator.onLine; };
  addEventListener('offline', () => { show(); say(t('page.offline')); });
  addEventListener('online', () => { show(); if (waitingForNet) { waitingForNet = false; check(); } });
  show();
}

theme();
net();
points.start();
intake.start();
use.start(changed);
findings.start(adopt);
paper.start();
twin.start();
on('draft', (draft) => {
  changed();
  byId('go').setAttribute('aria-disabled', String(!draft));
  byId('go-why').textContent = draft ? t('page.go.ready') : t('page.go.need_boundary');
});
byId('use').addEventListener('submit', (event) => { event.preventDefault(); check(); });
if (matchMedia('(max-width: 1180px), (max-height: 640px)').matches) byId('legend').open = false;
chart.start().catch((problem) => { byId('in-view').textContent = problem.title ?? t('page.broken'); document.documentElement.dataset.idle = 'failed'; });
