"""Text and marks can be read in both themes: WCAG contrast, computed from the tokens themselves."""

import re
from pathlib import Path

import pytest

SHEETS = Path(__file__).resolve().parents[3] / "static" / "css"
SHEET = (SHEETS / "tokens.css").read_text()
RISKS = ("low", "medium", "high", "critical")
PAGE, CARD = "tblr-body-bg", "tblr-bg-surface"
GROUNDS = (PAGE, CARD, "rp-sunken", "rp-hover", "rp-selected", "rp-raised", "rp-chrome")
TEXT = [
    *((colour, ground) for colour in ("tblr-body-color", "rp-muted", "tblr-link-color") for ground in GROUNDS),
    *((colour, ground) for colour in ("rp-good", "rp-bad", "rp-warn") for ground in (PAGE, CARD)),
    *((f"rp-{tone}-fg", f"rp-{tone}-bg") for tone in (*RISKS, "good", "neutral")),
    ("tblr-primary-fg", "tblr-primary"),
]
MARKS = [
    *((f"rp-risk-{risk}", CARD) for risk in RISKS),
    *((f"rp-c{place}", CARD) for place in range(1, 7)),
    ("rp-border-strong", CARD),
    ("rp-focus", PAGE),
    ("rp-focus", "rp-selected"),
]


def tokens(theme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+){([^{}]*)}", SHEET):
        if theme in selector or (theme == "light" and ":root" in selector):
            found.update(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{3,6});", body))
    return found


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("colour", "ground"), TEXT)
def test_text_has_a_contrast_of_4_5(theme, colour, ground):
    of = tokens(theme)
    assert contrast(of[colour], of[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("colour", "ground"), MARKS)
def test_marks_have_a_contrast_of_3(theme, colour, ground):
    of = tokens(theme)
    assert contrast(of[colour], of[ground]) >= 3


def test_both_themes_name_the_same_colours():
    assert tokens("light").keys() == tokens("dark").keys()


def test_colours_are_named_in_tokens_only():
    others = [path for path in SHEETS.glob("*.css") if path.name not in {"tokens.css", "print.css"}]
    assert not [path.name for path in others if re.search(r":[^;{]*#[0-9A-Fa-f]{3,8}\b", path.read_text())]
