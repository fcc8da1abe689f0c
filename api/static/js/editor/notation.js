// A coordinate as people write it, to whole milliseconds of arc: 37°07′05.515″, 37 07 05.515, 37:07:5.515, 37.1182, 北纬37.1182.

const NUMBERS = /\d+(?:\.\d+)?/g;

/** {ms} or {fault, …facts}; `most` is the greatest number of degrees. */
export function parse(text, most) {
  const parts = text.replace(/，/g, ' ').match(NUMBERS) ?? [];
  if (!parts.length || parts.length > 3) return { fault: 'editor.notation.unreadable', text };
  if (parts.slice(0, -1).some((part) => part.includes('.'))) return { fault: 'editor.notation.unreadable', text };
  const [degrees, minutes = 0, seconds = 0] = parts.map(Number);
  if (minutes >= 60) return { fault: 'editor.notation.minutes', value: String(minutes) };
  if (seconds >= 60) return { fault: 'editor.notation.seconds', value: parts[2] };
  const ms = parts.length === 1 ? milliseconds(parts[0]) : Math.round((degrees * 60 + minutes) * 60000 + seconds * 1000);
  if (ms > most * 3600000) return { fault: 'editor.notation.range', value: parts[0], most };
  return { ms: /[-−]|[SW西]|南/.test(text) ? -ms : ms };
}

/** Decimal degrees by digits, so that no binary fraction moves the last millisecond. */
function milliseconds(text) {
  const [whole, rest = ''] = text.split('.');
  return Number(whole) * 3600000 + Math.round((Number(`0.${rest || 0}`)) * 3600000);
}
