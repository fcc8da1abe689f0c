// A short guided tour: a few cards beside the places that they speak of. A page gives its stops in boot.tour
// ([{at: selector, title, text}]); it opens by itself once for each role, and from the menu again.

import { h } from '../dom.js';
import { boot, t } from '../texts.js';

const done = (name) => { try { return localStorage.getItem(`haiyu-tour:${name}`) === 'done'; } catch { return true; } };
const finish = (name) => { try { localStorage.setItem(`haiyu-tour:${name}`, 'done'); } catch { /* it will offer itself again */ } };

/** Offers the tour of the page, if it has one. */
export function start() {
  const tour = boot.tour;
  document.querySelectorAll('[data-tour]').forEach((button) => {
    button.hidden = !tour;
    button.addEventListener('click', () => {
      const menu = button.closest('details');
      menu?.removeAttribute('open');
      show(tour, menu?.querySelector('summary') ?? button);
    });
  });
  if (tour && !done(tour.name) && !navigator.webdriver) show(tour);
}

/** `from` has the focus again when the tour is over. */
function show(tour, from = null) {
  const stops = tour.stops.filter((stop) => document.querySelector(stop.at)?.checkVisibility());
  const dialog = h('dialog', { class: 'tour', 'aria-labelledby': 'tour-title' });
  let at = 0;
  const lit = () => document.querySelectorAll('.tour-lit').forEach((each) => each.classList.remove('tour-lit'));
  const turn = (step) => {
    at += step;
    if (at >= stops.length) { dialog.close(); return; }
    const { at: place, title, text } = stops[at];
    lit();
    const lighted = document.querySelector(place);
    lighted.classList.add('tour-lit');
    lighted.scrollIntoView({ block: 'center', behavior: 'instant' });
    dialog.replaceChildren(h('h2', { id: 'tour-title' }, title), h('p', { class: 'sm' }, text),
      h('div', { class: 'row sp' }, h('span', { class: 'xs dim' }, t('portal.shell.tour.of', { n: at + 1, all: stops.length })),
        h('span', { class: 'row' }, at ? h('button', { type: 'button', class: 'btn s', onclick: () => turn(-1) }, t('portal.shell.tour.back')) : null,
          h('button', { type: 'button', class: `btn s${at + 1 < stops.length ? '' : ' p'}`, onclick: () => dialog.close() }, t('portal.shell.tour.end')),
          at + 1 < stops.length ? h('button', { type: 'button', class: 'btn p s', onclick: () => turn(1) }, t('portal.shell.tour.next')) : null)));
    // Enter goes on; on the last card it ends.
    dialog.querySelector('.btn.p').focus();
  };
  dialog.addEventListener('close', () => { lit(); finish(tour.name); dialog.remove(); from?.focus(); });
  document.body.append(dialog);
  dialog.showModal();
  turn(0);
}
