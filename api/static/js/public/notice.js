// After a comment was received its form gives way to the words that say so.

import { byId } from '../dom.js';
import { t } from '../texts.js';

document.addEventListener('notice-comment', () => {
  const sent = byId('comment-sent');
  byId('comment-form').hidden = true;
  const count = byId('comment-count');
  count.textContent = t('portal.notices.comments', { n: Number(count.dataset.n) + 1 });
  sent.hidden = false;
  sent.focus();
});

// Who objects is answered: name and contact are then asked for at their fields, before anything is sent.
const form = byId('comment-form');
const ask = () => { for (const name of ['name', 'contact']) form.elements[name].required = form.elements.stance.value === 'objects'; };
form.addEventListener('change', ask);
ask();
