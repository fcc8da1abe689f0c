// An answer that must be reasoned asks for its words; the others leave them free.

const words = document.getElementById('answer-words');

document.querySelectorAll('input[name="outcome"]').forEach((choice) => choice.addEventListener('change', () => {
  words.required = 'wantsWords' in choice.dataset;
  document.getElementById('answer-optional').hidden = words.required;
}));
