"""Rows of messages, and a provider that does what a test tells it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from campaigns.messages.gateways.base import Gateway, Known, Outcome, Result
from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.queueing import MessageRequest, Queued, queue_messages
from customers.facts.models import LineType, Subscriber
from retention.core.managed.states import State as Approval
from tests.factories import (
    NOW,
    make_account,
    make_customer,
    make_plan,
    make_profile,
    make_subscriber,
    make_user,
    number,
)


def make_template(**given: Any) -> MessageTemplate:
    """Approved and on; a care text in both languages."""
    values = {
        "code": number("T"), "name": "Thanks", "name_zh": "致谢", "channel": "sms", "purpose": "care",
        "body": "Dear {salutation}, thank you.", "body_zh": "尊敬的{salutation}，谢谢您。",
        "state": Approval.APPROVED, "enabled": True,
    }  # fmt: skip
    approver = given.pop("approved_by", None) or make_user(role="manager")
    return MessageTemplate.objects.create(**values | {"approved_by": approver} | given)


def make_reader(*, customer: dict[str, Any] | None = None, **given: Any) -> Subscriber:
    """A mobile line whose customer is Li Ming, male, and reads Chinese; with a profile of 3,200 points."""
    person = {"name": "李明", "gender": "male", "language": "zh-hans", "kind": "individual"} | (customer or {})
    plan = given.pop("plan", None) or make_plan(line_type=LineType.MOBILE)
    line = make_subscriber(
        account=make_account(customer=make_customer(**person)), plan=plan, line_type=LineType.MOBILE, **given
    )
    make_profile(subscriber=line, points=3200, arpu=Decimal("80"), contract_ends_on=date(2026, 12, 31))
    return line


def queue(*lines: Subscriber, template: MessageTemplate | None = None, key: str = "X1:a", **given: Any) -> list[Queued]:
    now = given.pop("now", NOW)
    asked = [MessageRequest(line.pk, given.get("kind", "campaign"), key, given.get("values", {})) for line in lines]
    return queue_messages(requests=asked, template=template or make_template(), now=now)


def queued(line: Subscriber | None = None, **given: Any) -> Message:
    """A message that waits."""
    (one,) = queue(line or make_reader(), **given)
    return Message.objects.get(reference=one.reference)


class Provider(Gateway):
    """Takes what it is given, or answers as `answers` ({number: outcome}) says. before: called with each batch."""

    name = "fake"
    can_ask = True
    settle_seconds = 5.0

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.answers: dict[str, Outcome] = {}
        self.known: dict[str, Known | None] | None = {}
        self.before: Callable[[list[str]], None] = lambda batch: None

    def send(self, batch, *, seconds):
        self.before([one.reference for one in batch])
        results = {}
        for one in batch:
            outcome = self.answers.get(one.reference, Outcome.ACCEPTED)
            if outcome == Outcome.ACCEPTED:
                self.taken.append(one.reference)
            results[one.reference] = Result(outcome, f"P{one.reference}" if outcome == Outcome.ACCEPTED else "", "said")
        return results

    def ask(self, references):
        if self.known is None:
            raise OSError("the line is dead")
        return {one: self.known.get(one) for one in references}


def later(**given: float) -> Any:
    return NOW + timedelta(**given)
