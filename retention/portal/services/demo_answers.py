"""What the customers of the demo say on questionnaires."""

import random
from datetime import timedelta

from retention.core import clock
from workorders.surveys.tree import Block, Kind, Tree

# Of the answers in their order, the first are the likelier ones; of marks the middle and upper.
FADING, MARKS = 0.6, (1, 1, 3, 5, 4)
WORDS = {"en": "Said on the call.", "zh-hans": "客户电话中反映。"}


def survey_answers(tree: Tree, dice: random.Random, *, language: str) -> dict[str, str]:
    """Every question on the path is answered, the path as the answers lead it."""
    given: dict[str, str] = {}
    while True:
        asked = [step.block for step in tree.path(given) if step.block.is_question and step.block.key not in given]
        if not asked:
            return given
        given[asked[0].key] = _answer(asked[0], dice, language)


def _answer(block: Block, dice: random.Random, language: str) -> str:
    values = [choice.value for choice in block.offered()]
    if block.kind == Kind.SCALE:
        return dice.choices(values, (MARKS * len(values))[: len(values)])[0]
    if values:
        return dice.choices(values, [FADING**place for place in range(len(values))])[0]
    if block.kind == Kind.NUMBER:
        low = block.lowest or 0
        return str(dice.randint(low, min(block.highest if block.highest is not None else low + 100, low + 200)))
    if block.kind == Kind.DATE:
        return (clock.today() + timedelta(days=dice.randint(1, 10))).isoformat()
    return WORDS.get(language, WORDS["en"])
