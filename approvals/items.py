"""What an act that is itemised names: fields of the matter's form (of a co-holder too) and papers of its template, by name.

Names stand in the hashed body and are matched one by one; what is said of an item are free words, which stay beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from approvals.dictionary import forms
from approvals.forms import name_of, repeats, split_name
from approvals.templates import Template


def unknown_items(items: Iterable[str], template: Template) -> tuple[str, ...]:
    """The items that name nothing of this matter, in their order; a co-holder's field is `address@2`."""
    papers = {name for step in template.steps.values() for name in step.materials_in}
    return tuple(item for item in items if item not in papers and not _is_field(item, template))


def _is_field(item: str, template: Template) -> bool:
    form = forms().get(template.template)
    name, holder = split_name(item)
    if form is None or name not in form.fields or item != name_of(name, holder):
        return False
    return holder == 1 or repeats(form, form.fields[name])
