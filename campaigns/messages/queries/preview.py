"""A template as one line's customer would read it, with what stands in the way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from campaigns.messages.models import MessageTemplate, Obstacle
from campaigns.messages.queries.rendering import BILL_AGE, ending_of, rendering_sql, text_parameters
from campaigns.messages.rules import Length, fill, measure, variables_in
from campaigns.messages.variables import EXAMPLES
from campaigns.outreach import Answer, ContactRequest, explain
from customers.facts.models import Subscriber


@dataclass(frozen=True)
class Preview:
    """address: not masked. obstacle: why it could not be sent, None where it could. answer: the gate's, now. missing:
    the variables that have no value."""

    language: str
    address: str
    subject: str
    text: str
    obstacle: Obstacle | None
    answer: Answer
    length: Length
    missing: tuple[str, ...] = ()


def preview(
    *, template: MessageTemplate, line: Subscriber, now: datetime, values: Mapping[str, str] | None = None,
    source: str = "",
) -> Preview:  # fmt: skip
    """The text as it would be queued now. values: as of MessageRequest; without them the sender's own variables have
    examples. source: who would send it, as the ledger names it."""
    given = _example_values(now) if values is None else values
    used = variables_in(*template.texts().values())
    parameters = text_parameters(template) | {
        "places": [0], "subscribers": [line.pk], "origin_keys": [""], "given": [json.dumps(dict(given))],
        "bills_since": timezone.localtime(now).date() - BILL_AGE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        chosen = ", ".join(["language", "address", "subject", "text", "obstacle", *(f"v_{name}" for name in used)])
        cursor.execute(f"SELECT {chosen} FROM ({rendering_sql(template)}) r", parameters)
        language, address, subject, text, obstacle, *found = cursor.fetchone()
    request = ContactRequest(line.account.customer_id, line.pk, template.channel, template.purpose, source)
    (answer,) = explain(requests=[request], now=now)
    ending = "_zh" if language == "zh" else ""
    asked = variables_in(getattr(template, f"subject{ending}"), getattr(template, f"body{ending}"))
    missing = tuple(name for name, value in zip(used, found, strict=True) if not value and name in asked)
    why = Obstacle(obstacle) if obstacle else None
    return Preview(language, address, subject, text, why, answer, measure(text), missing)


def _example_values(now: datetime) -> dict[str, str]:
    return {
        "offer": EXAMPLES["en"]["offer"], "offer_zh": EXAMPLES["zh"]["offer"], "until": f"{now:%Y-%m-%d}",
        "appointment": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
    }  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A text of a template with the examples of the variables."""

    language: str
    subject: str
    text: str
    length: Length


def samples(template: MessageTemplate) -> list[Sample]:
    """One a language that is written."""
    found = []
    for language, ending in (("zh", "_zh"), ("en", "")):
        if body := getattr(template, f"body{ending}"):
            values = EXAMPLES[language]
            text = fill(body, values) + ending_of(template.channel, template.purpose, language)
            found.append(Sample(language, fill(getattr(template, f"subject{ending}"), values), text, measure(text)))
    return found
