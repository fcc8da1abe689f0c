// Before the modules are there: a form of theirs that is sent already waits for them, and is sent when all of them run. Otherwise the
// press would be lost. A classic script in <head>.
globalThis.haiyuEarly = { form: null, ready: false };
addEventListener('submit', (event) => {
  if (globalThis.haiyuEarly.ready || !event.target.matches('form[data-send]')) return;
  event.preventDefault();
  event.stopPropagation();
  Object.assign(globalThis.haiyuEarly, { form: event.target, button: event.submitter });
}, true);
