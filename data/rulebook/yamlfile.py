"""Strict YAML: no duplicate keys, no floats (decimal text becomes Decimal), and every mapping knows its line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from data.rulebook.faults import Fault, RuleBookError


class Located(dict[str, Any]):
    """A mapping that remembers the line (from 1) on which it begins."""

    line: int = 0


class _Loader(yaml.CSafeLoader):
    """The safe loader in C (five times faster) with our constructors; a subclass, so that other YAML readers of the process stay as they are."""

    file: str = ""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    made = Located()
    made.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise RuleBookError((Fault("rules.key_not_text", loader.file, line, str(key), repr(key)),))
        if key in made:
            raise RuleBookError((Fault("rules.duplicate_key", loader.file, line, key),))
        made[key] = loader.construct_object(value_node, deep=True)
    return made


# YAML 1.1 reads `off`, `no`, `on` and `y` as booleans; here only true and false are.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(text: str, file: str) -> Located:
    """One document as located mappings; anything that is not YAML, or not a mapping, is a located fault.

    >>> read_yaml("rate: 4.63", "x.yaml")["rate"]
    Decimal('4.63')
    """
    loader = _Loader(text)
    loader.file = file
    try:
        made = loader.get_single_data()
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise RuleBookError((Fault("rules.not_yaml", file, line, "", str(fault.problem)),)) from fault
    finally:
        loader.dispose()
    if not isinstance(made, Located):
        raise RuleBookError((Fault("rules.not_a_mapping", file, 1, ""),))
    return made
