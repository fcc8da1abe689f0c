"""Helpers that read located mappings by a closed schema and gather faults instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from data.answers import HOUSE_CITE
from data.rulebook.faults import Fault
from data.rulebook.values import SEEN, Origin
from data.rulebook.yamlfile import Located

SOURCE_KEYS = ("cite", "seen", "confidence", "edition", "checked")


class Reading:
    """One file being read: where we are, and what was wrong so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.origins: dict[str, Origin] = {}
        self.used: set[str] = set()

    def fault(self, code: str, line: int, path: str, detail: object = "") -> None:
        """Note one fault; reading goes on."""
        self.faults.append(Fault(code, self.file, line, path, str(detail)))

    def closed(
        self, given: Any, path: str, line: int, *, needed: Collection[str], allowed: Collection[str] = ()
    ) -> Located:
        """The mapping, after its keys were compared with the closed schema."""
        if not isinstance(given, Located):
            self.fault("rules.not_a_mapping", line, path)
            return Located()
        for key in given:
            if key not in needed and key not in allowed:
                self.fault("rules.unknown_key", given.line, path, key)
        for key in needed:
            if key not in given:
                self.fault("rules.missing_key", given.line, path, key)
        return given

    def titles(self, given: Any, path: str, line: int) -> tuple[str, str]:
        """The Chinese and the English name."""
        titles = self.closed(given, path, line, needed=("zh", "en"))
        return self.text(titles, "zh", path), self.text(titles, "en", path)

    def text(self, given: Located, key: str, path: str, *, optional: bool = False) -> str:
        """A text that is not empty."""
        value = given.get(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault("rules.not_text", given.line, f"{path}.{key}", repr(value))
            return ""
        return value

    def day(self, given: Located, key: str, path: str) -> date | None:
        """A date, or None where the side is open."""
        value = given.get(key)
        if value is not None and type(value) is not date:
            self.fault("rules.not_a_date", given.line, f"{path}.{key}", repr(value))
            return None
        return value

    def sources(self, given: Any) -> None:
        """The file's sources, each complete: cite, seen, and how sure where it comes from memory."""
        if not isinstance(given, Located):
            self.fault("rules.missing_key", 1, "sources")
            return
        for name, told in given.items():
            path = f"sources.{name}"
            row = self.closed(told, path, given.line, needed=("cite", "seen"), allowed=SOURCE_KEYS)
            seen, confidence, edition = row.get("seen"), row.get("confidence"), row.get("edition")
            cite = self.text(row, "cite", path)
            if seen not in SEEN:
                self.fault("rules.seen_unknown", row.line, path, seen)
            if (seen == "memory") != (confidence is not None) or confidence not in (None, "h", "m", "l"):
                self.fault("rules.confidence", row.line, path, confidence)
            if (seen == "house") != cite.startswith(HOUSE_CITE):
                self.fault("rules.house_cite", row.line, path, cite)
            if seen == "text" and not edition:
                self.fault("rules.edition_missing", row.line, path)
            checked = self.day(row, "checked", path)
            self.origins[name] = Origin(
                cite=cite,
                seen=str(seen),
                confidence=confidence,
                edition=str(edition) if edition is not None else None,
                checked=checked,
            )

    def origin(self, name: Any, line: int, path: str) -> Origin:
        """The source with this name; none at all is a fault, because no value stands without one."""
        if name is None:
            self.fault("rules.cite_missing", line, path)
        elif name not in self.origins:
            self.fault("rules.source_unknown", line, path, name)
        else:
            self.used.add(name)
            return self.origins[name]
        return Origin(cite="", seen="")

    def unused(self) -> None:
        """A source that nothing rests on is a slip of the pen."""
        for name in self.origins:
            if name not in self.used:
                self.fault("rules.source_unused", 1, f"sources.{name}")
