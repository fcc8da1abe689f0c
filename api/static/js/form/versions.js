// What this page does itself besides the fields (papers, signature, holders) counts the case's version up as well.

import { boot } from '../texts.js';
import { ask } from '../portal/send.js';

/** Reads the version anew after a change of this page's own. */
export async function forgive() {
  try { boot.form.version = (await ask('GET', `${boot.api}/cases/${boot.form.case}`)).version; } catch { /* the next save is told and compares */ }
}
