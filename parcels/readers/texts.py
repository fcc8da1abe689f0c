"""Bytes to text: byte-order marks, UTF-8, UTF-16 without a mark, and GB 18030 (which includes GBK and GB 2312)."""

from __future__ import annotations

import codecs
from typing import NoReturn

from marine.findings import Severity
from parcels.readers.values import Report, refuse

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A text of coordinates has no other control signs; a file full of them is a picture, a program, or in another encoding.
_ALLOWED_CONTROLS = frozenset("\t\n\r\x0b\x0c\x1a\x1e\x85\ufeff")


def decode(data: bytes, chosen: str | None, report: Report) -> tuple[str, str]:
    """The text and the encoding it was read in; every reading that is not plainly UTF-8 leaves a finding.

    >>> decode("北纬".encode("gbk"), None, Report(9))
    ('北纬', 'gb18030')
    """
    text, encoding = _decode(data, chosen, report)
    _no_controls(text)
    return text, encoding


def _decode(data: bytes, chosen: str | None, report: Report) -> tuple[str, str]:
    if chosen is not None:
        return _chosen(data, chosen), chosen
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    if guess := _sixteen_bits(data):
        report.add("file.encoding_read", Severity.NOTES, encoding=guess)
        return _strict(data, guess), guess
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    return _not_utf8(data, report)


def _not_utf8(data: bytes, report: Report) -> tuple[str, str]:
    """GB 18030 as a whole; else line by line, where copied lines of two programs meet in one file."""
    lines = data.split(b"\n")
    utf8 = sum(1 for line in lines if _is_multibyte_utf8(line))
    if not utf8:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            _unreadable(data, error)
        report.add("file.encoding_read", Severity.NOTES, encoding="GB 18030")
        return text, "gb18030"
    parts: list[str] = []
    odd: int | None = None
    for number, line in enumerate(lines, start=1):
        try:
            parts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                parts.append(line.decode("gb18030"))
            except UnicodeDecodeError as error:
                refuse("file.encoding_unknown", line=number, offset=error.start, byte=f"{line[error.start]:02X}")
            odd = odd or number
    report.add("file.encoding_mixed", Severity.WARNS, line=odd)
    return "\n".join(parts), "utf-8+gb18030"


def _is_multibyte_utf8(line: bytes) -> bool:
    try:
        return not line.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _sixteen_bits(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of a text of digits is zero."""
    head = data[:2000]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and even < len(head) * 0.05:
        return "utf-16-le"
    if even > len(head) * 0.3 and odd < len(head) * 0.05:
        return "utf-16-be"
    return None


def _chosen(data: bytes, chosen: str) -> str:
    try:
        codec = codecs.lookup(chosen)
        if not codec._is_text_encoding:
            raise LookupError(chosen)
    except (LookupError, ValueError):
        refuse("file.encoding_not_known", encoding=chosen[:40])
    return _strict(data, chosen)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        _unreadable(data, error)
    except (UnicodeError, ValueError):
        refuse("file.encoding_not_known", encoding=encoding[:40])


def _unreadable(data: bytes, error: UnicodeDecodeError) -> NoReturn:
    line = data.count(b"\n", 0, error.start) + 1
    offset = error.start - (data.rfind(b"\n", 0, error.start) + 1)
    refuse("file.encoding_unknown", line=line, offset=offset, byte=f"{data[error.start]:02X}")


def _no_controls(text: str) -> None:
    for index, sign in enumerate(text[:200_000]):
        if sign < " " and sign not in _ALLOWED_CONTROLS:
            line = text.count("\n", 0, index) + 1
            refuse("file.not_text", line=line, sign=f"U+{ord(sign):04X}")
