"""One number is one text, however it is written."""

import pytest

from retention.core.identifiers import canonical_phone, fold, has_lost_digits

MOBILE = [
    "10012345678", " 10012345678 ", "+86 100-1234-5678", "+8610012345678", "0086 10012345678", "8610012345678",
    "86-100-1234-5678", "１００１２３４５６７８", "＋８６　１００１２３４５６７８", "10012345678.0", "(100) 1234 5678",
    "\ufeff10012345678", "100\u200b1234\u200b5678", "100\u00a01234\u00a05678", "100\u20111234\u20115678",
]  # fmt: skip
FIXED = [
    "057188123456",
    "0571-8812 3456",
    "(0571)88123456",
    "+86 571 88123456",
    "+86 (0)571 88123456",
    "0086-571-88123456",
]
OTHERS = {
    "+852 1234 5678": "+85212345678", "00852 12345678": "+85212345678", "10086": "10086",
    "+86 400-800-1234": "4008001234", "400 800 1234": "4008001234",
}  # fmt: skip
NOT_PHONES = [
    "",
    "abc",
    "1",
    "1234",
    "1.0012E+10",
    "1.0012e+10",
    "1001234567O",
    "100.1234.5678",
    "10012345678.5",
    "+",
    "1" * 21,
]


@pytest.mark.parametrize("written", MOBILE)
def test_a_mobile_number_is_the_same_in_every_writing(written: str) -> None:
    assert canonical_phone(written) == "10012345678"


@pytest.mark.parametrize("written", FIXED)
def test_a_number_of_the_fixed_network_too(written: str) -> None:
    assert canonical_phone(written) == "057188123456"


@pytest.mark.parametrize(("written", "kept"), OTHERS.items())
def test_numbers_of_services_and_of_other_countries(written: str, kept: str) -> None:
    assert canonical_phone(written) == kept


@pytest.mark.parametrize("written", NOT_PHONES)
def test_what_is_no_phone_number_is_none(written: str) -> None:
    assert canonical_phone(written) is None


@pytest.mark.parametrize("kept", ["10012345678", "057188123456", "+85212345678", "10086", "4008001234"])
def test_what_is_kept_stays_as_it_is(kept: str) -> None:
    assert canonical_phone(kept) == kept


def test_folding_keeps_what_can_be_seen() -> None:
    assert fold("\ufeffＳ－１\u00ad２\u3000Ｂ\u200d ") == "S-12 B"
    assert fold("张伟①é") == "张伟①é"


def test_a_number_that_a_spreadsheet_has_shortened_is_recognised() -> None:
    assert [has_lost_digits(text) for text in ("1.0012E+10", "2E+05", "1,5e+12", "12E4", "1E-3", "A1E+5")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
