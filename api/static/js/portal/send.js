// Sends forms to the interface: <form data-send="POST /api/v1/…" data-then="reload | /address | event:name">.
// What it takes, refuses and tells is docs/portal.md. A request keeps its Idempotency-Key until it was answered, so that sending
// again after a lost answer does nothing twice.

import { h, icon } from '../dom.js';
import { boot, say, t } from '../texts.js';
import { bringBack, forget, keep } from './keeping.js';
import { toast } from './toast.js';
import { multipartOf, valueOf } from './values.js';

const keys = new WeakMap();

/** Takes over every form with data-send, those that come later too. */
export function start() {
  document.querySelectorAll('form[data-send]').forEach(ready);
  document.addEventListener('htmx:load', (event) => event.detail.elt.querySelectorAll?.('form[data-send]').forEach(ready));
  document.addEventListener('input', (event) => { const form = event.target.form; if (form?.matches('form[data-keep]')) keep(form); });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[data-send]')) return;
    event.preventDefault();
    submitted(event.target, event.submitter);
  });
  early();
}

/** A form that was sent before the scripts were there is sent now that all of them run. */
function early() {
  const waiting = globalThis.haiyuEarly;
  const send = () => { waiting.ready = true; waiting.form?.requestSubmit(waiting.button); };
  if (document.readyState === 'complete') send(); else addEventListener('load', send, { once: true });
}

function ready(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = 'true';
  form.noValidate = true;
  if (bringBack(form)) form.prepend(h('p', { class: 'note' }, icon('info', 's'), t('portal.send.kept')));
}

async function submitted(form, button) {
  if (form.getAttribute('aria-busy') === 'true') return;
  clear(form);
  const lacking = [...form.elements].filter((field) => field.willValidate && !field.checkValidity()).filter(onlyOnce);
  if (lacking.length) { refuse(form, { title: t('portal.send.lacking', { n: lacking.length }), findings: lacking.map((field) => ({ field: field.dataset.at ?? field.name, text: field.dataset.lacks ?? field.validationMessage })) }); return; }
  if (form.dataset.confirm && !(await confirmed(form.dataset.confirm, form.dataset.of))) return;
  await send(form, button);
}

/** Every button of an unanswered choice is invalid; it is one thing that lacks. */
const onlyOnce = (field, at, all) => field.type !== 'radio' || all.findIndex((each) => each.name === field.name) === at;

/** Sends the form as it stands; resolves to the answer, or null where it was refused. */
export async function send(form, button = null) {
  const [method, address] = form.dataset.send.split(' ');
  form.setAttribute('aria-busy', 'true');
  button?.setAttribute('aria-busy', 'true');
  try {
    const answer = await ask(method, address, form.dataset.sendAs === 'file' ? multipartOf(form) : valueOf(form), keyOf(form));
    keys.delete(form);
    forget(form);
    form.dispatchEvent(new CustomEvent('sent', { bubbles: true, detail: answer }));
    arrived(form, answer);
    return answer;
  } catch (problem) {
    if (!problem.offline) keys.delete(form);
    refuse(form, problem, button);
    return null;
  } finally {
    form.removeAttribute('aria-busy');
    button?.removeAttribute('aria-busy');
  }
}

function keyOf(form) {
  if (!keys.has(form)) keys.set(form, crypto.randomUUID());
  return keys.get(form);
}

/** One request to the interface; a refusal is thrown as the problem it is, with the words of the reader's language. */
export async function ask(method, address, value = null, key = null) {
  const headers = { 'Accept-Language': boot.lang, ...(key ? { 'Idempotency-Key': key } : {}) };
  const isForm = value instanceof FormData;
  if (value !== null && !isForm) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: value === null || method === 'GET' ? undefined : isForm ? value : JSON.stringify(value) });
  } catch {
    throw { offline: true, title: t('page.offline.title'), detail: t('page.offline') };
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body;
  throw { status: answer.status, ...(body ?? { title: t('page.broken'), detail: t('page.broken.detail', { status: answer.status }) }) };
}

function arrived(form, answer) {
  const then = (form.dataset.then ?? 'reload').replace(/\{(\w+)\}/g, (whole, name) => encodeURIComponent(answer?.[name] ?? ''));
  if (form.dataset.said) toast(form.dataset.said);
  if (then === 'reload') location.reload();
  else if (then.startsWith('/')) location.assign(then);
  else if (then.startsWith('event:')) document.dispatchEvent(new CustomEvent(then.slice(6), { detail: answer }));
}

/** A refusal in the shape of a finding at the head of the form: what, where (a way to each field), how to mend. */
export function refuse(form, problem, button = null) {
  clear(form);
  const lines = (problem.findings ?? []).map((finding) => lineOf(form, finding));
  const again = problem.offline || problem.status === 503 ? h('button', { type: 'button', class: 'btn s', onclick: () => send(form, button) }, t('page.again')) : null;
  const signIn = problem.status === 401 ? h('a', { class: 'btn s', href: `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}` }, t('portal.send.sign_in')) : null;
  const card = h('div', { class: 'fc error errsum', role: 'alert', tabindex: '-1' }, h('h3', {}, problem.title ?? t('page.broken')),
    problem.detail && !(problem.code === 'problems.form' && lines.length) ? h('p', { class: 'sm mut' }, problem.detail) : null, lines.length ? h('ul', { class: 'sm' }, lines) : null,
    again || signIn ? h('div', { class: 'row w' }, again, signIn) : null, problem.code ? h('p', { class: 'xs dim' }, problem.code) : null);
  form.prepend(card);
  form.dispatchEvent(new CustomEvent('refused', { bubbles: true, detail: problem }));
  card.focus();
  say(`${problem.title ?? ''} ${problem.detail ?? ''}`);
}

function lineOf(form, finding) {
  const field = finding.field && fieldOf(form, finding.field);
  // A reason comes with the name under which the field is sent; a reader knows it by its label.
  const named = field && finding.reason && field.labels?.[0]?.firstChild?.textContent.trim();
  const words = [named ? `${named}${t('portal.colon')}${finding.reason}` : finding.text, finding.mend].filter(Boolean).join(' ');
  if (!field) return h('li', {}, words);
  field.setAttribute('aria-invalid', 'true');
  const hint = field.closest('.fld')?.querySelector('.hint');
  if (hint) { hint.dataset.was ??= hint.textContent; hint.classList.add('errm'); hint.textContent = words; }
  return h('li', {}, h('a', { href: `#${field.id}`, onclick: (event) => { event.preventDefault(); field.focus(); } }, words));
}

const fieldOf = (form, name) => [...form.elements].find((each) => each.dataset.at === name || each.name === name || each.name.endsWith(`.${name}`) || each.name.endsWith(`[${name}]`));

/** Takes away what was said of an earlier try. */
export function clear(form) {
  form.querySelectorAll(':scope > .errsum').forEach((card) => card.remove());
  form.querySelectorAll('[aria-invalid=true]').forEach((field) => field.removeAttribute('aria-invalid'));
  form.querySelectorAll('.hint.errm').forEach((hint) => { hint.classList.remove('errm'); hint.textContent = hint.dataset.was ?? ''; });
}

/** Asks by the dialog of that id: its buttons have value "yes" or "no". One dialog for many forms says of whom: its [data-of]. */
function confirmed(id, of) {
  const dialog = document.getElementById(id);
  const named = of && dialog.querySelector('[data-of]');
  if (named) named.textContent = t(named.dataset.of, { who: of });
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => { dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }); });
}
