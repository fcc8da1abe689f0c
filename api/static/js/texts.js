// The words of the page, in the language it was served in, and the ways figures are written (interface guide §3).

export const boot = JSON.parse(document.getElementById('boot').textContent);
const missing = new Set();

/** The text of a code with its facts filled in, as the server's catalogue has it; `{n:day|days}` is the word that goes with the number. */
export function t(code, facts = {}) {
  const text = boot.texts[code];
  if (text === undefined) {
    if (!missing.has(code)) console.error(`no text for ${code}`);
    missing.add(code);
    return code;
  }
  return text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in facts)) return whole;
    if (many === undefined) return String(facts[name]);
    return String(facts[name]) === '1' ? one : many;
  });
}

export const grade = (word) => t(`page.grade.${word}`);
export const layers = (names) => names.map((name) => t(`page.layer.${name}`)).join(t('page.comma'));

/** Hectares with four places and the unit, from the decimal text that the server sent. */
export const hectares = (text) => t('page.hectares', { n: grouped(text, 4) });
export const metres = (value, places = 1) => t('page.metres', { n: grouped(value, places) });
export const percent = (share) => `${(Number(share) * 100).toFixed(1)}%`;

const formats = new Map();

function grouped(value, places) {
  if (!formats.has(places)) formats.set(places, new Intl.NumberFormat('en-US', { minimumFractionDigits: places, maximumFractionDigits: places }));
  return formats.get(places).format(Number(value));
}

/** Whole milliseconds of arc as degrees, minutes, seconds with true primes. */
export function dms(ms) {
  const size = Math.abs(ms);
  const two = (n, width = 2) => String(n).padStart(width, '0');
  const degrees = Math.floor(size / 3600000);
  const minutes = Math.floor((size % 3600000) / 60000);
  const rest = size % 60000;
  return `${ms < 0 ? '−' : ''}${degrees}°${two(minutes)}′${two(Math.floor(rest / 1000))}.${two(rest % 1000, 3)}″`;
}

/** Whole milliseconds of arc as decimal degrees; eight places distinguish every millisecond. */
export const decimal = (ms) => (ms / 3600000).toFixed(8);

/** Months 1…12 as a short list of runs: "3–11 月". */
export function months(list) {
  if (!list || list.length === 12) return t('page.use.months.all');
  const runs = [];
  for (const month of [...list].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] === month - 1) last[1] = month;
    else runs.push([month, month]);
  }
  return runs.map(([a, b]) => (a === b ? t(`page.month.${a}`) : `${t(`page.month.${a}`)}–${t(`page.month.${b}`)}`)).join(t('page.comma'));
}

/** Says something politely to a screen reader. */
export function say(words) {
  document.getElementById('live').textContent = words;
}
