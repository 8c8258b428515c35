"""Rows that people read carry their name in both languages of the product."""

from typing import TypeVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Text = TypeVar("Text", str, list[str])


class Bilingual(models.Model):
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language; the other one where that is missing."""
        return pick(self.name, self.name_zh)


def pick(english: Text, chinese: Text) -> Text:
    """The text, or the list of texts, in the reader's language; the other one where that is empty."""
    chosen, other = (chinese, english) if (get_language() or "").startswith("zh") else (english, chinese)
    return chosen or other
