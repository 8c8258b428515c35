"""What an article is, where it stands, and what it may be linked to. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    OBJECTION = "objection", pgettext_lazy("article", "Answer to an objection")
    ARTICLE = "article", pgettext_lazy("article", "Article")
    HINT = "hint", pgettext_lazy("article", "Script hint")


class Link(models.TextChoices):
    """What an article may be linked to: it is shown first on calls that have it. Values begin the links of a version.

    ANSWER: an answer to a question of the call form, such as the reason for leaving: `main_reason=price`.
    """

    ANSWER = "answer", _("Answers on the call")
    THEME = "theme", _("Reasons of the risk")
    ORDER_TYPE = "type", _("Order types")
    DISPOSITION = "disposition", _("Dispositions")
    OFFER = "offer", _("Offers")


# The field of an article that holds the codes of each kind of link.
LINK_FIELDS = {
    "answers": Link.ANSWER,
    "themes": Link.THEME,
    "order_types": Link.ORDER_TYPE,
    "dispositions": Link.DISPOSITION,
    "offers": Link.OFFER,
}


def link(kind: Link, code: str) -> str:
    return f"{kind.value}:{code}"


def answer_code(question: str, answer: str) -> str:
    return f"{question}={answer}"


class Standing(models.TextChoices):
    """Where an article stands for those who write: what agents read, and what waits behind it."""

    DRAFT = "draft", pgettext_lazy("article", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("article", "Waits for approval")
    IN_USE = "in_use", pgettext_lazy("article", "In use")
    CHANGING = "changing", pgettext_lazy("article", "In use, a change is being written")
    CHANGE_SUBMITTED = "change_submitted", pgettext_lazy("article", "In use, a change waits for approval")
    RETIRED = "retired", pgettext_lazy("article", "Retired")


class Wish(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", pgettext_lazy("suggestion", "Open")
    ADOPTED = "adopted", pgettext_lazy("suggestion", "Adopted")
    DECLINED = "declined", pgettext_lazy("suggestion", "Not adopted")
