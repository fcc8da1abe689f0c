"""Check digits of identifiers: unified social credit codes (GB 32100-2015) and identity numbers (GB 11643-1999)."""

from __future__ import annotations

from calendar import monthrange

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_CHECKS = "10X98765432"


def uscc_check(first_17: str) -> str:
    """The check character of the first 17 characters of a unified social credit code.

    The standard's own worked example:

    >>> uscc_check("91350100M000100Y4")
    '3'
    """
    if len(first_17) != 17 or any(letter not in USCC_ALPHABET for letter in first_17):
        raise ValueError(f"17 characters of {USCC_ALPHABET} are needed: {first_17!r}")
    total = sum(USCC_ALPHABET.index(letter) * weight for letter, weight in zip(first_17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def uscc_ok(code: str) -> bool:
    """Whether a unified social credit code has 18 permitted characters, a numeric division and the right check character.

    >>> uscc_ok("91350100M000100Y43"), uscc_ok("91350100M000100Y4Z")
    (True, False)
    """
    if len(code) != 18 or any(letter not in USCC_ALPHABET for letter in code) or not _digits(code[2:8]):
        return False
    return code[17] == uscc_check(code[:17])


def id_check(first_17: str) -> str:
    """The check character of the first 17 digits of an identity number.

    The standard's own worked example:

    >>> id_check("11010519491231002")
    'X'
    """
    if len(first_17) != 17 or not _digits(first_17):
        raise ValueError(f"17 digits are needed: {first_17!r}")
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def id_ok(number: str) -> bool:
    """Whether an identity number of 18 characters (with check) or 15 digits (the old form, without one) can be.

    The small x is accepted as X. The date of birth must exist; a 15-digit number means a year from 1900 to 1999.

    >>> id_ok("11010519491231002X"), id_ok("110105491231002"), id_ok("110105194913310021")
    (True, True, False)
    """
    if len(number) == 15:
        return _digits(number) and _birthday_ok(f"19{number[6:12]}")
    if len(number) != 18 or not _digits(number[:17]) or not _birthday_ok(number[6:14]):
        return False
    return number[17].upper() == id_check(number[:17])


def id_18(number_15: str) -> str:
    """The 18-character form of an old 15-digit identity number.

    >>> id_18("110105491231002")
    '11010519491231002X'
    """
    if len(number_15) != 15 or not id_ok(number_15):
        raise ValueError("an old identity number has 15 digits and a date of birth")
    first = f"{number_15[:6]}19{number_15[6:]}"
    return first + id_check(first)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _birthday_ok(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return year >= 1800 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
