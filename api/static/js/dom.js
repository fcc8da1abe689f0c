// Builds elements. Text always goes in as text, never as markup: what a file or the register says cannot become HTML.

/** h('p', {class: 'sm'}, 'words', child) → element; null children are skipped; `on…` properties become listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon of the page's own set. */
export function icon(name, size = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `i ${size}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A legend swatch drawn with the same classes as the map. */
export function swatch(kind) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 26 14');
  svg.setAttribute('aria-hidden', 'true');
  const line = kind === 'touching';
  const shape = document.createElementNS(SVG, line ? 'path' : 'rect');
  const size = line ? { d: 'M2 7H24' } : { x: 2, y: 2, width: 22, height: 10 };
  for (const [name, value] of Object.entries(size)) shape.setAttribute(name, value);
  shape.setAttribute('class', `sw-${kind}`);
  svg.append(shape);
  return svg;
}

const LAYERS = ['surface', 'water_column', 'seabed', 'subsoil'];

/** The layer glyph: four bars, the occupied ones filled. */
export function glyph(names) {
  return h('span', { class: 'lg', 'aria-hidden': 'true' }, LAYERS.map((name) => h('i', { class: names.includes(name) ? name : null })));
}

export const byId = (id) => document.getElementById(id);

/** Empties an element and fills it again. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
