"""A stored rule in words, even when it no longer holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.rules import Group, RuleField, parse, sentence
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Worded:
    """says: the sentence, or what is wrong with the rule (e.g. an own field was withdrawn); then tree is None."""

    says: str
    tree: Group | None

    @property
    def is_broken(self) -> bool:
        return self.tree is None


def worded(rule: object, fields: Mapping[str, RuleField]) -> Worded:
    try:
        tree = parse(rule, fields=fields)
    except Invalid as problem:
        return Worded(str(problem.message), None)
    return Worded(sentence(tree), tree)
