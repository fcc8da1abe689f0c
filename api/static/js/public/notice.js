// After a comment was received its form gives way to the words that say so.

import { byId } from '../dom.js';

document.addEventListener('notice-comment', () => {
  const sent = byId('comment-sent');
  byId('comment-form').hidden = true;
  sent.hidden = false;
  sent.focus();
});
