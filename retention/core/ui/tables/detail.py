"""Short tables inside a page: all of their rows, in the order given, without tools. A list is a BaseTable."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from retention.core.ui import formats
from retention.core.ui.tables.columns import Column


class DetailTable(tables.Table):
    """`{% render_table table %}` shows it. Attributes a subclass may set:

    caption: the name announced to screen readers. css: `rp-mini` for a table inside a panel with other content.
    empty_text: the sentence in place of rows.
    """

    caption: Any = _("List")
    css = "rp-table"
    empty_text: Any = ""

    def row_url(self, record: Any) -> str | None:
        """Where a row, and the link in its first cell, lead. None for nowhere."""
        return None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        shown = {"default": formats.DASH, "empty_text": type(self).empty_text, "orderable": False}
        super().__init__(*args, template_name="components/detail_table.html", **shown | kwargs)


class WordColumn(Column):
    """A value of few kinds as the word for it; `words` maps each value."""

    def __init__(self, *args: Any, words: Mapping[Any, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def render(self, value: Any) -> str:
        return force_str(self.words[value])

    def value(self, value: Any) -> str:
        return self.render(value)


class YesNoColumn(WordColumn):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, words={True: _("yes"), False: _("no")}, **kwargs)
