"""Many answers at the same moment: one of them counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.offers.models import Decision
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.services.proposals import accept, propose
from campaigns.offers.states import State
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], object]) -> list[object]:
    """Each deed on a connection of its own, all at once; its result, or the Conflict it ran into."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return deed()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def test_of_two_confirmations_at_once_with_two_references_one_wins():
    client, key = make_client("decisions:write").client, str(make_decision().public_id)

    def say(ref: str) -> Callable[[], object]:
        return lambda: confirm(decision_id=key, client=client, billing_ref=ref, now=NOW).billing_ref

    answers = together(*[say(f"R-{place % 2}") for place in range(6)])
    kept = Decision.objects.get().billing_ref
    assert {answer for answer in answers if isinstance(answer, str)} == {kept}
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
    assert AuditEntry.objects.filter(action="decision.move", detail__move="confirm").count() == 1


def test_a_confirmation_and_a_refusal_at_once_do_not_both_count():
    client, key = make_client("decisions:write").client, str(make_decision().public_id)
    answers = together(
        lambda: confirm(decision_id=key, client=client, billing_ref="R", now=NOW),
        lambda: refuse(decision_id=key, client=client, reason="no", now=NOW),
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert Decision.objects.get().state in {State.CONFIRMED, State.REFUSED}


def test_two_orders_of_one_line_cannot_both_have_a_promise_waiting():
    line, offer, agent = make_line(), make_offer(), make_user(role="agent")
    standing = [
        propose(order_no=number, subscriber=line, offer_code=offer.code, actor=agent, now=NOW)
        for number in ("W1", "W2", "W3")
    ]
    answers = together(
        *[lambda one=one: accept(order_no=one.order_no, decision_id=one.pk, actor=agent, now=NOW) for one in standing]
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert Decision.objects.filter(state=State.ACCEPTED).count() == 1


def test_a_key_pressed_twice_puts_the_offer_once():
    line, offer, agent = make_line(), make_offer(), make_user(role="agent")

    def press() -> int:
        return propose(order_no="W1", subscriber=line, offer_code=offer.code, actor=agent, now=NOW).pk

    assert len(set(together(press, press, press))) == 1
    assert Decision.objects.count() == 1
