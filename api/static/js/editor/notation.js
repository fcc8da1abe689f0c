// An angle as people write it, to whole milliseconds of arc: the same results and the same words as `marine.coordinates` of the
// server (held to its vectors by tests/api/portal/test_notation.py). Rounded once, half to even, from the decimal text: no binary
// fraction ever stands between what was typed and the millisecond.

const MARKS = new Map([
  ...[...'°º˚∘゜度'].map((mark) => [mark, '°']),
  ...[..."′'’‘ʹ´`＇ˊ分"].map((mark) => [mark, "'"]),
  ...[...'″"”“ʺ˝＂〃秒'].map((mark) => [mark, '"']),
  ...[...'−–—‐‑‒―－﹣'].map((mark) => [mark, '-']),
  ['：', ':'], ['∶', ':'], ['\ufeff', ''], ['\u200b', ''],
]);
const HEMISPHERES = [['北纬', 1, 'lat'], ['南纬', -1, 'lat'], ['东经', 1, 'lon'], ['西经', -1, 'lon'], ['N', 1, 'lat'], ['S', -1, 'lat'],
  ['E', 1, 'lon'], ['W', -1, 'lon'], ['北', 1, 'lat'], ['南', -1, 'lat'], ['东', 1, 'lon'], ['西', -1, 'lon']];
const NUMBER = '\\d+(?:[.,]\\d*)?|[.,]\\d+';
const DEGREES = new RegExp(`^(${NUMBER})(?:[eE]([+-]?\\d{1,3}))?\\s*°?$`);
const MINUTES = new RegExp(`^(\\d+)\\s*(?:°\\s*-?|[-:]|\\s)\\s*(${NUMBER})\\s*'?$`);
const SECONDS = new RegExp(`^(\\d+)\\s*(?:°\\s*-?|[-:]|\\s)\\s*(\\d+)\\s*(?:'\\s*-?|[-:]|\\s)\\s*(${NUMBER})\\s*"?$`);
const LONGEST = 64;
const DEGREE = 3600000n;

const translated = (text) => [...text].map((mark) => MARKS.get(mark) ?? mark).join('');

/** {ms, axis} of a text, or {fault, …facts} with a code of `angle.…`; `axis` is 'lat', 'lon' or null where the text names none. */
export function angle(text) {
  if (text.length > LONGEST) return { fault: 'angle.not_an_angle', text: `${text.slice(0, LONGEST)}…` };
  let body = translated(translated(text).normalize('NFKC')).trim().replaceAll("''", '"').replaceAll("' '", '"');
  // Older tables write the decimals behind the mark: 29″.645.
  body = body.replace(/(\d+)\s*([°'"])\s*\.(\d+)/g, '$1.$3$2');
  if (!body) return { fault: 'angle.empty' };
  const taken = directed(body);
  if (!taken) return { fault: 'angle.two_directions', text };
  const found = exact(taken.body, text);
  if (found.fault) return found;
  const limit = taken.axis === 'lat' ? 90 : 180;
  if (found.top > BigInt(limit) * DEGREE * found.bottom) return { fault: 'angle.out_of_range', text, limit };
  return { ms: taken.sign * halfEven(found.top, found.bottom), axis: taken.axis };
}

/** The same for a cell of the table: an angle beyond that axis, or one that names the other axis, is a fault too. */
export function parse(text, axis) {
  const read = angle(text);
  if (read.fault) return read;
  if (read.axis && read.axis !== axis) return { fault: 'editor.cell.other_axis', text };
  const limit = axis === 'lat' ? 90 : 180;
  if (Math.abs(read.ms) > limit * Number(DEGREE)) return { fault: 'angle.out_of_range', text, limit };
  return read;
}

/** Sign and hemisphere off both ends; a minus together with a hemisphere is two claims, and null. */
function directed(text) {
  let body = text;
  const found = [];
  for (const [word, sign, axis] of HEMISPHERES) {
    const upper = body.toUpperCase();
    if (upper.startsWith(word)) { body = body.slice(word.length).replace(/^[ :]+/, ''); found.push({ sign, axis }); }
    else if (upper.endsWith(word)) { body = body.slice(0, -word.length).trimEnd(); found.push({ sign, axis }); }
  }
  const minus = body.startsWith('-');
  if (minus || body.startsWith('+')) body = body.slice(1).trimStart();
  if (found.length > 1 || (found.length && minus)) return null;
  return { body, sign: found[0]?.sign ?? (minus ? -1 : 1), axis: found[0]?.axis ?? null };
}

/** Milliseconds as a fraction of whole numbers, from text without sign or hemisphere. */
function exact(body, given) {
  let match = DEGREES.exec(body);
  if (match) return scaled(match[1], DEGREE, Number(match[2] ?? 0));
  match = SECONDS.exec(body);
  if (match) {
    const over = underSixty('angle.seconds_over', match[3], given) ?? underSixty('angle.minutes_over', match[2], given);
    if (over) return over;
    const { top, bottom } = scaled(match[3], 1000n, 0);
    return { top: (BigInt(match[1]) * DEGREE + BigInt(match[2]) * 60000n) * bottom + top, bottom };
  }
  match = MINUTES.exec(body);
  if (!match) return { fault: 'angle.not_an_angle', text: given };
  const over = underSixty('angle.minutes_over', match[2], given);
  if (over) return over;
  const { top, bottom } = scaled(match[2], 60000n, 0);
  return { top: BigInt(match[1]) * DEGREE * bottom + top, bottom };
}

/** A decimal text times a whole factor, ten to a power beside it. */
function scaled(text, factor, power) {
  const [whole, rest = ''] = text.replace(',', '.').split('.');
  const places = rest.length - power;
  const top = BigInt(`${whole}${rest}` || '0') * factor;
  return places >= 0 ? { top, bottom: 10n ** BigInt(places) } : { top: top * 10n ** BigInt(-places), bottom: 1n };
}

/** Minutes and seconds of 60 and more are no angle; up to 99 the likely slip is the leading digit, so 60 less is offered. */
function underSixty(code, written, given) {
  const value = Number(written.replace(',', '.'));
  if (value < 60) return null;
  if (value >= 100) return { fault: `${code}_far`, text: given, value: written };
  const [whole, rest] = written.replace(',', '.').split('.');
  const less = `${Number(whole) - 60}`.padStart(2, '0');
  return { fault: code, text: given, value: written, suggestion: rest === undefined ? less : `${less}.${rest}` };
}

function halfEven(top, bottom) {
  const [whole, rest] = [top / bottom, (top % bottom) * 2n];
  const up = rest > bottom || (rest === bottom && whole % 2n === 1n);
  return Number(up ? whole + 1n : whole);
}
