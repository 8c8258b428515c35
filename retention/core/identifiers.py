"""Numbers that name something, however they are written: full-width forms, invisible signs, ways to write a phone."""

import re
import unicodedata

HOME_COUNTRY_CODE = "86"
# Letters and marks without a shape, beside the format characters (zero-width signs, byte order marks, soft hyphens).
_SHAPELESS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# A number as a spreadsheet shows it when the column is too narrow: what is left cannot be dialled or matched.
SHORTENED_NUMBER = r"\d([.,]\d+)?[eE]\+\d+"
_BETWEEN_DIGITS = re.compile(r"[\s()\-\u2010-\u2015\u2212]+")
_POINT_ZERO = re.compile(r"(\d{5,})\.0+")
_INTERNATIONAL = re.compile(r"^00(?=[1-9])")
_HOME_WITHOUT_PLUS = re.compile(rf"{HOME_COUNTRY_CODE}1\d{{10}}")
_PHONE = re.compile(r"\+?[0-9]{5,20}")
# Mobile numbers and numbers of services have no trunk prefix; those of the fixed network do.
_WITHOUT_TRUNK_PREFIX = re.compile(r"1\d{10}|0.*|[48]00.*|.{1,7}")


def fold(text: str) -> str:
    """Full-width signs as the plain ones, every blank as a space, invisible signs left out; no blanks around."""
    if text.isascii():
        return text.strip()
    kept = (_FULL_WIDTH.get(ord(one), one) for one in text if not _is_invisible(one))
    return "".join(chr(one) if isinstance(one, int) else " " if one.isspace() else one for one in kept).strip()


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _SHAPELESS or "\ufe00" <= character <= "\ufe0f"


def has_lost_digits(text: str) -> bool:
    """Whether this is a number in the form 1.0012E+10, which has come through a spreadsheet."""
    return bool(re.fullmatch(SHORTENED_NUMBER, text))


def canonical_phone(text: str) -> str | None:
    """The one way a phone number is kept: digits as dialled at home, `+` and the country before one from abroad.

    None when it is none. +86 100-1234-5678, 0086 10012345678 and full-width digits are 10012345678.
    """
    number = _BETWEEN_DIGITS.sub("", fold(text))
    if whole := _POINT_ZERO.fullmatch(number):
        number = whole[1]
    number = _INTERNATIONAL.sub("+", number)
    if number.startswith(f"+{HOME_COUNTRY_CODE}"):
        number = _at_home(number[1 + len(HOME_COUNTRY_CODE) :])
    elif _HOME_WITHOUT_PLUS.fullmatch(number):
        number = number[len(HOME_COUNTRY_CODE) :]
    return number if _PHONE.fullmatch(number) else None


def _at_home(number: str) -> str:
    """A number without its country code: one of the fixed network gets its trunk prefix back."""
    return number if _WITHOUT_TRUNK_PREFIX.fullmatch(number) else f"0{number}"
