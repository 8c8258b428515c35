"""How a phone number or an address looks to those who may not see it."""

import re

# Between the digits of a number: blanks (+ and %20 in an address), hyphens and brackets of any width.
_GAP = r"(?:[\s+\-\u2010-\u2015\uff0d\u30fc\u00b7\u30fb()\uff08\uff09]|%20|%2[BbDd]){0,3}"
_COUNTRY = rf"(?:[+\uff0b]|%2[Bb]|[0\uff10]{{2}})?[8\uff18][6\uff16]{_GAP}"
_WRITINGS = (
    rf"(?:{_COUNTRY})?[1\uff11]{_GAP}[3-9\uff13-\uff19]\d(?:{_GAP}\d){{8}}",
    r"1[3-9]\d\.\d{4}\.\d{4}",  # dots in these places only: 192.168.10.123 is no phone number
    # A fixed line: area code and number.
    rf"(?:[0\uff10]|{_COUNTRY})[1-9\uff11-\uff19]\d{{1,2}}{_GAP}\d{{3,4}}{_GAP}\d{{4}}",
    r"\d{11}",
)
# Not inside a longer run of digits (a ticket, an order), nor the digits of a fraction.
PHONE_PATTERN = re.compile(rf"(?<!\d)(?<!\d\.)(?:{'|'.join(_WRITINGS)})(?!\d)")


# Last digits that a mask leaves of a number of usual length.
SHOWN_PHONE_DIGITS = 4


def mask_phone(number: str) -> str:
    """138****1234; short numbers keep their last two digits only."""
    if not number:
        return ""
    if len(number) >= 9:
        return f"{number[:3]}****{number[-SHOWN_PHONE_DIGITS:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]


def mask_phones(text: str) -> str:
    """The text with all phone numbers in it masked, however written: +86 138-1234-5678, １３８１２３４５６７８."""
    return PHONE_PATTERN.sub(lambda found: mask_phone(_national_digits(found[0])), text)


def _national_digits(written: str) -> str:
    digits = "".join(str(int(sign)) for sign in re.sub(r"%[0-9A-Fa-f]{2}", "", written) if sign.isdecimal())
    return re.sub(r"^(?:00)?86(?=\d{9,})", "", digits)


def mask_email(address: str) -> str:
    """l***@example.com."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""
