"""What the customers of the demo say on questionnaires, and what agents write into the forms of orders."""

import random
from collections.abc import Iterable
from datetime import timedelta

from retention.core import clock
from workorders.order_types import rules
from workorders.surveys.tree import Block, Kind, Tree

# Of the answers in their order, the first are the likelier ones; of marks the middle and upper.
FADING, MARKS = 0.6, (1, 1, 3, 5, 4)
WORDS = {"en": "Said on the call.", "zh-hans": "客户电话中反映。"}
# Of forms: the words of some texts by their key, the weights of some choices, and so many more than the least number.
WORDS_OF = {
    "finding": {"en": "Two desks have been without a line since the move.", "zh-hans": "搬迁后两个工位线路不通。"},
    "cause": {"en": "A patch panel was wired wrongly.", "zh-hans": "配线架跳线接错。"},
    "open_point": {"en": "The customer waits for the credit.", "zh-hans": "客户等待退费到账。"},
    "escalate": {"en": "Needs a measurement on site.", "zh-hans": "需现场测试处理。"},
    "parts": {"en": "Waits for a spare part.", "zh-hans": "等待备件到货。"},
}  # fmt: skip
LIKELY: dict[str, tuple[int, ...]] = {"fault_found": (3, 1), "demand": (8, 1, 1)}
SPREAD, TICKED = 9, 0.7


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
    return words("", language)


def form_answers(
    fields: Iterable[rules.FormField], dice: random.Random, *, language: str, disposition: str
) -> dict[str, object]:
    """Every choice and tick that is shown, and of the other fields those that must be answered."""
    given: dict[str, object] = {}
    for one in fields:
        known = given | {rules.DISPOSITION: disposition}
        if one.shown_when is not None and not one.shown_when.holds(known):
            continue
        if one.choices:
            given[one.key] = dice.choices([choice.value for choice in one.choices], LIKELY.get(one.key))[0]
        elif one.kind == rules.Kind.FLAG:
            given[one.key] = dice.random() < TICKED
        elif one.required or one.required_when is not None and one.required_when.holds(known):
            given[one.key] = _written(one, dice, language)
    return given


def words(key: str, language: str) -> str:
    """What an agent writes as a text of this key."""
    said = WORDS_OF.get(key, WORDS)
    return said.get(language, said["en"])


def _written(one: rules.FormField, dice: random.Random, language: str) -> str:
    match one.kind:
        case rules.Kind.NUMBER:
            low = max(1, int(one.least or 0))
            return str(dice.randint(low, min(low + SPREAD, int(one.most or low + SPREAD))))
        case rules.Kind.DATE:
            return (clock.today() - timedelta(days=dice.randint(1, SPREAD))).isoformat()
    return words(one.key, language)
