"""Opens zip archives in memory without trusting what they say about themselves; nothing is ever written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from parcels.readers.values import refuse
from parcels.uploads import Limits

# Below this size no archive can do harm, and small texts compress well.
_HARMLESS_BYTES = 1 << 20
_CHUNK = 1 << 20
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    ValueError,
    IndexError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive; `name` as a person wrote it (Chinese names in GBK read as such)."""

    name: str
    info: zipfile.ZipInfo

    @property
    def stem(self) -> str:
        """The path without its last suffix."""
        return self.name[: self.name.rfind(".")] if "." in self.base else self.name

    @property
    def base(self) -> str:
        """The file name without folders."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """`.shp`, in lower case."""
        return self.base[self.base.rfind(".") :].lower() if "." in self.base else ""


class Archive:
    """A zip archive that has passed the limits; its entries are read one by one, each against its own promise."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _DAMAGED:
            refuse("file.zip_damaged")
        if len(infos) > limits.entries:
            refuse("file.zip_too_many", count=len(infos), limit=limits.entries)
        self._limits = limits
        self._left = limits.unpacked_bytes
        self._guard(infos, len(data))
        named = [
            Entry(_readable_name(info), info) for info in infos if info.filename and not info.filename.endswith("/")
        ]
        self.entries = tuple(e for e in named if not e.name.startswith("__MACOSX/") and not e.base.startswith("._"))

    def _guard(self, infos: list[zipfile.ZipInfo], packed: int) -> None:
        total = sum(info.file_size for info in infos)
        if total > self._limits.unpacked_bytes:
            refuse("file.zip_too_large", megabytes=total >> 20, limit=self._limits.unpacked_bytes >> 20)
        if total > _HARMLESS_BYTES and total > packed * self._limits.ratio:
            refuse("file.zip_bomb", ratio=total // max(packed, 1), limit=self._limits.ratio)
        for info in infos:
            name = info.filename.replace("\\", "/")
            if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\x00" in name:
                refuse("file.zip_unsafe_name", entry=name[:80])
            if info.flag_bits & 0x1:
                refuse("file.zip_encrypted", entry=_readable_name(info)[:80])

    @property
    def nested(self) -> tuple[str, ...]:
        """Archives inside the archive; they stay closed."""
        return tuple(entry.name for entry in self.entries if entry.suffix in _NESTED)

    def read(self, entry: Entry) -> bytes:
        """The bytes of one entry; refuses when they are damaged or more than was promised."""
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry.info) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    if size > entry.info.file_size or self._left < 0:
                        refuse("file.zip_bomb", ratio=self._limits.ratio, limit=self._limits.ratio)
                    parts.append(chunk)
        except _DAMAGED:
            refuse("file.zip_entry_damaged", entry=entry.name[:80])
        return b"".join(parts)


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip archive does (an empty one included)."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def names(data: bytes) -> frozenset[str]:
    """The names in an archive, empty where it is damaged: for telling kinds apart, not for reading."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist()[:5_000])
    except _DAMAGED:
        return frozenset()


def _readable_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag were decoded as code page 437; Chinese programs write GBK there."""
    name = info.filename.replace("\\", "/")
    if info.flag_bits & 0x800 or name.isascii():
        return name
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return name
