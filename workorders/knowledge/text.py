"""Articles in words: paragraphs, differences between versions, what links lead to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.offers.models import Offer
from customers.risk.text.themes import ALL_THEMES
from retention.core.managed.text import Words
from retention.core.ui import formats
from retention.core.ui.formats import labelled
from workorders.knowledge.kinds import LINK_FIELDS, Kind, Link, Standing, Wish, answer_code, link
from workorders.knowledge.models import ArticleVersion
from workorders.knowledge.models.articles import Written
from workorders.order_types import rules
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.text import between

STANDING_TONES = {
    Standing.DRAFT: ("neutral", "edit"),
    Standing.SUBMITTED: ("info", "hourglass"),
    Standing.IN_USE: ("good", "check"),
    Standing.CHANGING: ("good", "edit"),
    Standing.CHANGE_SUBMITTED: ("info", "hourglass"),
    Standing.RETIRED: ("neutral", "archive"),
}
KIND_ICONS = {Kind.OBJECTION: "message-circle", Kind.ARTICLE: "book", Kind.HINT: "bulb"}
WISH_TONES = {Wish.OPEN: ("info", "hourglass"), Wish.ADOPTED: ("good", "check"), Wish.DECLINED: ("neutral", "x")}
BULLET = "- "

Choices = list[tuple[str, str]]


def link_choices(field: str) -> Choices:
    """(code, label) of all that a field of links may hold."""
    return _CHOICES[LINK_FIELDS[field]]()


def _answers() -> Choices:
    found: dict[str, str] = {}
    for one in OrderType.objects.current():
        for asked in rules.read(one.flow, one.fields).fields:
            for choice in asked.choices:
                found.setdefault(answer_code(asked.key, choice.value), labelled(asked.title, choice.title))
    return list(found.items())


_CHOICES = {
    Link.ANSWER: _answers,
    Link.THEME: lambda: [(str(one.key), str(one.label)) for one in ALL_THEMES if one.actionable],
    Link.ORDER_TYPE: lambda: [(one.code, one.title) for one in OrderType.objects.current()],
    Link.DISPOSITION: lambda: [(one.code, one.title) for one in Disposition.objects.choosable()],
    Link.OFFER: lambda: [(one.code, one.title) for one in Offer.objects.order_by("code")],
}


def link_words() -> Words:
    """For FieldText: the codes of each field of links by their labels; a code that is no more, as it stands."""
    return {field: lambda codes, field=field: format_links(field, codes) for field in LINK_FIELDS}  # type: ignore[misc]


def format_links(field: str, codes: Sequence[str]) -> str:
    known = dict(link_choices(field))
    return between([known.get(code, code) for code in codes])


def linked_to(version: ArticleVersion) -> list[tuple[str, str]]:
    """(kind of link, its labels) of those that a version has."""
    found = []
    for field, kind in LINK_FIELDS.items():
        codes = [one.partition(":")[2] for one in version.links if one.startswith(link(kind, ""))]
        if codes:
            found.append((str(kind.label), format_links(field, codes)))
    return found


@dataclass(frozen=True)
class Block:
    """A paragraph, or the points of a list."""

    lines: Sequence[str]
    is_list: bool


def blocks(text: str) -> list[Block]:
    """A text by its empty lines; lines that begin with a hyphen are points."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        for line in filter(None, map(str.strip, part.splitlines())):
            is_list = line.startswith(BULLET)
            said = line.removeprefix(BULLET)
            if found and found[-1].is_list and is_list:
                found[-1] = Block([*found[-1].lines, said], is_list=True)
            else:
                found.append(Block([said], is_list))
    return found


@dataclass(frozen=True)
class Piece:
    """Part of a compared text. change: "", "ins" (only in the newer one) or "del" (only in the older one)."""

    text: str
    change: str = ""


_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


def format_difference(old: str, new: str) -> list[Piece]:
    """Both texts in one, by words of English and letters of Chinese."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("".join(before[i:j])))
            continue
        if i < j:
            pieces.append(Piece("".join(before[i:j]), "del"))
        if k < m:
            pieces.append(Piece("".join(after[k:m]), "ins"))
    return pieces


def compare(old: ArticleVersion, new: ArticleVersion) -> list[tuple[str, list[Piece]]]:
    """(label, pieces) of each field in which two versions differ."""
    found = []
    for name in (*COMPARED, "tags", "tags_zh"):
        before, after = _as_text(getattr(old, name)), _as_text(getattr(new, name))
        if before != after:
            label = ArticleVersion._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append((str(capfirst(label)), format_difference(before, after)))
    if set(old.links) != set(new.links):
        pieces = format_difference(_format_all_links(old), _format_all_links(new))
        found.append((_("Shown first on calls with"), pieces))
    return found


COMPARED = ("name", "name_zh", "question", "question_zh", "body", "body_zh")


def _as_text(value: Any) -> str:
    return between(value) if isinstance(value, list) else str(value)


def _format_all_links(version: ArticleVersion) -> str:
    return "\n".join(labelled(kind, codes) for kind, codes in linked_to(version))


def format_votes(useful: int, votes: int) -> str:
    """`5 of 7 find it useful`."""
    if not votes:
        return _("No votes yet")
    return _("%(useful)s of %(votes)s find it useful") % {
        "useful": formats.number(useful), "votes": formats.number(votes)
    }  # fmt: skip


def question_label(kind: str) -> Any:
    """What the sentence below the title is."""
    return gettext_lazy("The customer says") if kind == Kind.OBJECTION else gettext_lazy("In short")


def quoted(version: Written) -> str:
    """The sentence below the title; what a customer says stands in quotation marks."""
    return f"“{version.asked}”" if version.kind == Kind.OBJECTION and version.asked else version.asked
