"""All templates together: by name and version, references between them checked, never two contents for one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files

from approvals.reading import TemplateError, line_of, located, read_template
from approvals.state import State
from approvals.templates import Template
from data.answers import Refusal
from data.rulebook.faults import Fault


@dataclass(frozen=True, slots=True)
class Library:
    """Templates by name and version; new cases begin on the newest version, running ones keep theirs."""

    templates: Mapping[tuple[str, int], Template]

    def newest(self, name: str) -> Template:
        """The template on which a case of this kind begins today."""
        versions = [version for known, version in self.templates if known == name]
        if not versions:
            raise Refusal("process.template_unknown", template=name)
        return self.templates[name, max(versions)]

    def of(self, state: State) -> Template:
        """The template with which a case began; refuses when its content is no longer what it was."""
        return self.kept(state.template, state.version, state.hash)

    def kept(self, name: str, version: int, hash: str) -> Template:
        """The template with this name, version and content; refuses when its content is no longer what it was."""
        template = self.templates.get((name, version))
        if template is None or template.hash != hash:
            raise Refusal("process.version_lost", template=name, version=version)
        return template


def read_library(texts: Mapping[str, str]) -> Library:
    """A library from texts by file name; raises TemplateError with every fault of all files."""
    faults: list[Fault] = []
    found: dict[tuple[str, int], Template] = {}
    where: dict[tuple[str, int], str] = {}
    for file, text in sorted(texts.items()):
        try:
            template = read_template(text, file)
        except TemplateError as wrong:
            faults.extend(wrong.faults)
            continue
        name = (template.template, template.version)
        if name in found:
            faults.append(Fault("process.version_twice", file, 1, "version", where[name]))
        found[name], where[name] = template, file
    if not faults:
        for name, template in found.items():
            faults.extend(_references(template, found, where[name], texts[where[name]]))
        faults.extend(_circles(found, where))
    if faults:
        raise TemplateError(tuple(faults))
    return Library(found)


@lru_cache(maxsize=1)
def packaged() -> Library:
    """The templates of this version; read and checked once per process."""
    folder = files("data").joinpath("processes")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return read_library({name: folder.joinpath(name).read_text(encoding="utf-8") for name in names})


def _references(template: Template, found: Mapping[tuple[str, int], Template], file: str, text: str) -> list[Fault]:
    """A step that is a matter names a template that exists, and its outcomes are exactly the ends of that template."""
    faults = []
    for name, step in template.steps.items():
        if step.matter is None:
            continue
        line = line_of(located(text, file), ("steps", name))
        versions = [each for (known, _), each in found.items() if known == step.matter]
        if not versions:
            faults.append(Fault("process.matter_unknown", file, line, f"steps.{name}.matter", step.matter))
        faults.extend(
            Fault("process.matter_ends", file, line, f"steps.{name}.outcomes", ", ".join(sorted(each.ends)))
            for each in versions
            if set(step.outcomes) != set(each.ends)
        )
    return faults


def _circles(found: Mapping[tuple[str, int], Template], where: Mapping[tuple[str, int], str]) -> list[Fault]:
    graph: dict[str, set[str]] = {}
    for (name, _), template in found.items():
        graph.setdefault(name, set()).update(step.matter for step in template.steps.values() if step.matter)
    try:
        TopologicalSorter({name: sorted(used) for name, used in graph.items()}).prepare()
    except CycleError as circle:
        names = circle.args[1]
        file = next(told for (name, _), told in where.items() if name == names[0])
        return [Fault("process.bundle_circle", file, 1, "steps", " → ".join(reversed(names)))]
    return []
