// From the fields of a form to the value that the interface takes: dotted names become objects, data-as says what kind a value is.

const AS = {
  number: (text) => Number(text),
  boolean: (text) => text === 'true' || text === 'on',
  json: (text) => JSON.parse(text),
  list: (text) => text.split(/[\s,，、]+/).filter(Boolean),
};

/** The value of a form. Empty fields are left out unless they say data-empty; unchecked boxes too, but data-as="boolean" tells false. */
export function valueOf(form) {
  const told = {};
  for (const field of form.elements) {
    if (!field.name || field.matches(':disabled') || ['submit', 'button', 'file', 'fieldset'].includes(field.type)) continue;
    if (field.type === 'radio' && !field.checked) continue;
    if (field.type === 'checkbox') { put(told, field, boxValue(form, field)); continue; }
    if (field.value === '' && !('empty' in field.dataset)) continue;
    put(told, field, field.value === '' ? null : (AS[field.dataset.as] ?? String)(field.value));
  }
  return told;
}

/** One box alone is yes or no; several of one name are a list, and so is one that says data-many. */
function boxValue(form, field) {
  if (field.dataset.as === 'boolean') return field.checked;
  const all = [...form.elements].filter((each) => each.type === 'checkbox' && each.name === field.name);
  if (all.length === 1 && !('many' in field.dataset)) return field.checked ? field.value : undefined;
  return all.filter((each) => each.checked).map((each) => each.value);
}

function put(told, field, value) {
  if (value === undefined) return;
  // A name may hold dots of its own after the last "[…]": checklist[review.boundary] is one step of the path.
  const path = field.name.match(/\[[^\]]+\]|[^.[\]]+/g).map((step) => step.replace(/^\[|\]$/g, ''));
  let at = told;
  for (const step of path.slice(0, -1)) at = at[step] ??= {};
  at[path.at(-1)] = value;
}

/** The same as multipart, for requests that carry a file; an empty file that somebody chose goes along, so that it is told as empty. */
export function multipartOf(form) {
  const told = new FormData(form);
  for (const [name, value] of [...told.entries()]) if (value === '' || (value instanceof File && !value.name)) told.delete(name);
  return told;
}
