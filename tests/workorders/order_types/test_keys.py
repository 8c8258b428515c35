"""Which key chooses which disposition: a type names its own, the others keep theirs or move to free ones."""

import pytest

from retention.core.errors import Invalid
from workorders.order_types import rules
from workorders.order_types.keys import keys_of

TREE = [("no_answer", 1), ("switched_off", None), ("callback", 2), ("retained", 3), ("informed", None)]
ALL = [code for code, _usual in TREE]


def test_without_own_keys_a_disposition_has_the_same_key_whatever_the_type_offers():
    everything = {
        "no_answer": "Alt+1", "switched_off": "Alt+0", "callback": "Alt+2", "retained": "Alt+3",
        "informed": "Alt+Shift+1",
    }  # fmt: skip
    assert keys_of({}, TREE, ALL) == everything
    assert keys_of({}, TREE, ["informed", "callback"]) == {"informed": "Alt+Shift+1", "callback": "Alt+2"}


def test_own_keys_come_first_then_usual_ones_then_the_free_ones_in_the_order_of_the_tree():
    assert keys_of({"1": "retained", "5": "informed"}, TREE, ALL) == {
        "retained": "Alt+1", "informed": "Alt+5", "callback": "Alt+2", "no_answer": "Alt+3", "switched_off": "Alt+4",
    }  # fmt: skip


def test_what_is_not_offered_takes_no_key_of_a_type_that_has_its_own():
    assert keys_of({"4": "retained"}, TREE, ["retained", "switched_off"]) == {
        "retained": "Alt+4", "switched_off": "Alt+1",
    }  # fmt: skip


def test_no_two_dispositions_share_a_key_however_many_there_are():
    tree = [(f"d{at}", at + 1 if at < 9 else None) for at in range(25)]
    keys = keys_of({"9": "d0", "1": "d20"}, tree, [code for code, _usual in tree])
    assert len(set(keys.values())) == len(keys) == 19


@pytest.mark.parametrize(("keys", "said"), [
    ({"0": "retained"}, "no such key: 0"),
    ({"10": "retained"}, "no such key"),
    ({"1": "retained", "2": "retained"}, "stands on two keys"),
    ({"1": "informed"}, "the type does not offer it"),
    (["retained"], "cannot be read"),
    ({"1": None}, "cannot be read"),
])  # fmt: skip
def test_keys_that_cannot_be_are_refused(keys, said):
    with pytest.raises(Invalid, match=said) as error:
        rules.read({"dispositions": ["retained", "callback"], "keys": keys}, [])
    assert error.value.code == "bad_flow"
    assert rules.read({"keys": {"3": "informed"}}, []).keys == {"3": "informed"}
