"""The sources that papers cite by themselves, as data (data/registers/paper_law.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from approvals.papers.marks import Basis, origin_basis
from approvals.templates import Origin
from data.rulebook.yamlfile import read_yaml


def law(name: str, on: date) -> Basis:
    """A source of the papers' own, with its mark of doubt on a day."""
    return origin_basis(packaged_law()[name], on)


@cache
def packaged_law() -> Mapping[str, Origin]:
    """The sources that come with the house; the closed schema of a template's source holds for them."""
    path = files("data").joinpath("registers/paper_law.yaml")
    told = read_yaml(path.read_text(encoding="utf-8"), path.name)
    if set(told) != {"sources"}:
        raise ValueError(f"{path.name}: {sorted(told)}")
    return {name: Origin.model_validate(dict(row)) for name, row in told["sources"].items()}
