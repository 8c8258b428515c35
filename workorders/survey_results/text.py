"""Values of questions and of other attributes in words, and the addresses that lead to their responses."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from retention.core.accounts.models import Branch
from workorders.order_types.models import Disposition, OrderType
from workorders.survey_results.forms import attribute_names
from workorders.surveys.tree import Block

# Parameters of the page that say which responses are meant.
NARROWING = ("after", "before", "branch", "type", "version", "disposition", "result", "answers", "at_branch")
LIST_ANCHOR = "#responses"


class Dimension:
    """A side of a cross table: a question (`q:key`) or an attribute."""

    def __init__(self, name: str, questions: Mapping[str, Block]) -> None:
        self.name = name
        self.block = questions.get(name.removeprefix("q:")) if name.startswith("q:") else None
        self.title = self.block.title if self.block else str(dict(attribute_names()).get(name, name))
        self._labels = {} if self.block else _labels_of(name)

    @property
    def order(self) -> list[str]:
        return [choice.value for choice in self.block.offered()] if self.block else list(self._labels)

    @property
    def counts_once(self) -> bool:
        """Whether a response has at most one value here."""
        return self.block is None or self.block.kind != "multiple"

    def label(self, value: str) -> str:
        return self.block.label_of(value) if self.block else self._labels.get(value, value)

    def narrowed(self, value: str) -> tuple[str, str]:
        """The parameter that keeps only the responses with this value."""
        if self.block:
            return "answers", f"{self.block.key}:{value}"
        return ("at_branch" if self.name == "branch" else self.name), value


def address_of(query: QueryDict, *narrowed: tuple[str, str]) -> str:
    """The page with the filters it has and these besides: its list has exactly the responses that were counted."""
    pairs = [(name, value) for name in NARROWING for value in query.getlist(name) if value]
    single = {name for name, _value in narrowed if name != "answers"}
    pairs = [pair for pair in pairs if pair[0] not in single]
    return f"?{urlencode([*pairs, *narrowed])}{LIST_ANCHOR}"


def _labels_of(name: str) -> dict[str, Any]:
    if name == "branch":
        return dict(Branch.objects.order_by("path").values_list("code", "name"))
    if name == "type":
        return {row.code: row.title for row in OrderType.objects.current()}
    if name == "disposition":
        return {row.code: row.title for row in Disposition.objects.for_list()}
    return {value: str(label) for value, label in Disposition.Result.choices} if name == "result" else {}
