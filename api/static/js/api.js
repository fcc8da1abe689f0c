// Asks the server. Every failure becomes a Problem with a title and a detail in the page's language.

import { boot, t } from './texts.js';

export class Problem extends Error {
  constructor(body, status) {
    super(body.title);
    this.title = body.title;
    this.detail = body.detail;
    this.code = body.code;
    this.status = status;
    this.findings = body.findings ?? [];
    this.offline = status === 0;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`${boot.api}${path}`, { ...options, headers: { 'Accept-Language': boot.lang, ...options.headers } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({ title: t('page.offline.title'), detail: t('page.offline'), code: 'page.offline' }, 0);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(body ?? { title: t('page.broken'), detail: t('page.broken.detail', { status: answer.status }), code: 'page.broken' }, answer.status);
  return body;
}

export const get = (path, options) => ask(path, options);
export const post = (path, value, options) => ask(path, { method: 'POST', body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' }, ...options });

/** Sends a file as it is, with the choices that the reader made so far. */
export function postFile(path, file, choices) {
  const form = new FormData();
  form.append('file', file, file.name);
  for (const [name, value] of Object.entries(choices)) form.append(name, value);
  return ask(path, { method: 'POST', body: form });
}
