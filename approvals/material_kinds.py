"""Which kinds of file a case takes, with their limits, as data (data/registers/material_kinds.yaml; our own settings)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from data.rulebook.yamlfile import read_yaml

PREVIEWS = ("picture", "text", "none")
_TOP = {"cite", "seen", "longest_name", "kinds"}
_NEEDED = {"title", "media_types", "suffixes", "bytes", "preview"}
_ALLOWED = _NEEDED | {"pages", "pixels"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialKind:
    """A kind of file: greatest size in bytes, greatest number of pages, greatest pixels of a page (None: not limited).

    `preview` is how it can be shown: as a `picture` of a page, as plain `text`, or not (`none`).
    """

    kind: str
    zh: str
    en: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    bytes: int
    pages: int | None
    pixels: int | None
    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialKinds:
    """All kinds, and the greatest number of characters of a file's name; `cite` and `seen` say whose setting this is."""

    kinds: Mapping[str, MaterialKind]
    longest_name: int
    cite: str
    seen: str

    def of(self, media_type: str) -> MaterialKind | None:
        """The kind to which a media type belongs; None where no case takes it.

        >>> packaged_kinds().of("application/pdf").kind, packaged_kinds().of("video/mp4")
        ('pdf', None)
        """
        return next((kind for kind in self.kinds.values() if media_type in kind.media_types), None)

    @property
    def greatest_bytes(self) -> int:
        """The size beyond which no kind is taken: what is larger need not be read to its end."""
        return max(kind.bytes for kind in self.kinds.values())

    @property
    def suffixes(self) -> str:
        """What files that are taken are called, in one line."""
        return " ".join(suffix for kind in self.kinds.values() for suffix in kind.suffixes)


def kinds_from(text: str, file: str) -> MaterialKinds:
    """The table from its file; a key, a limit or a media type that is not as it must be is an error."""
    told = read_yaml(text, file)
    if set(told) != _TOP:
        raise ValueError(f"{file}: {sorted(set(told) ^ _TOP)}")
    kinds = {name: _kind(name, row, file) for name, row in told["kinds"].items()}
    types = [each for kind in kinds.values() for each in kind.media_types]
    if len(types) != len(set(types)):
        raise ValueError(f"{file}: a media type belongs to two kinds")
    return MaterialKinds(
        kinds=kinds, longest_name=_positive(told["longest_name"], file), cite=told["cite"], seen=told["seen"]
    )


def _kind(name: str, row: Mapping[str, Any], file: str) -> MaterialKind:
    if not _NEEDED <= set(row) <= _ALLOWED or row["preview"] not in PREVIEWS or not row["media_types"]:
        raise ValueError(f"{file}: the kind {name!r} does not stand")
    return MaterialKind(
        kind=name,
        zh=row["title"]["zh"],
        en=row["title"]["en"],
        media_types=tuple(row["media_types"]),
        suffixes=tuple(row["suffixes"]),
        bytes=_positive(row["bytes"], file),
        pages=_positive(row["pages"], file) if "pages" in row else None,
        pixels=_positive(row["pixels"], file) if "pixels" in row else None,
        preview=row["preview"],
    )


def _positive(told: Any, file: str) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or told <= 0:
        raise ValueError(f"{file}: a limit is a whole number above nothing, not {told!r}")
    return told


@cache
def packaged_kinds() -> MaterialKinds:
    """The kinds that come with the house."""
    path = files("data").joinpath("registers/material_kinds.yaml")
    return kinds_from(path.read_text(encoding="utf-8"), path.name)
