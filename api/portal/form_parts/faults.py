"""What is wrong with the form, field by field, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.problems import finding_json
from approvals.cases.oneform import Layout
from approvals.forms import name_of, split_name
from data.messages import text
from marine.findings import Finding

LACKING = "form.missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at its field, on its screen."""

    name: str
    screen: str
    label: str
    words: str
    lacking: bool


def faults_of(layout: Layout, findings: Iterable[Finding], lang: str) -> tuple[Fault, ...]:
    """The faults of a form in the order in which its fields stand."""
    screens = {item.name: item.screen for item in layout.items}
    found = [_fault(layout, screens, finding, lang) for finding in findings]
    order = list(screens)
    return tuple(sorted(found, key=lambda fault: order.index(fault.name) if fault.name in order else len(order)))


def _fault(layout: Layout, screens: dict[str, str], finding: Finding, lang: str) -> Fault:
    # A term is judged by the law and not by the form: its finding names no field.
    name = str(finding.facts.get("field") or ("term" if finding.code.startswith("term.") else ""))
    told = finding_json(finding, lang)
    words = told["text"]
    if finding.grade is None and "label" in finding.facts:
        words = text(finding.code, lang, **{**finding.facts, "label": label_of(layout, name, lang)})
    return Fault(
        name=name,
        screen=screens.get(name, "sign"),
        label=label_of(layout, name, lang),
        words=" ".join(part for part in (words, told["mend"]) if part),
        lacking=finding.code == LACKING,
    )


def label_of(layout: Layout, name: str, lang: str) -> str:
    """A field's label; of a co-holder with its number."""
    field_name, holder = split_name(name)
    if field_name not in layout.form.fields or name != name_of(field_name, holder):
        return name
    label = str(getattr(layout.form.fields[field_name].label, lang))
    return label if holder == 1 else text("portal.form.of_holder", lang, label=label, holder=holder)
