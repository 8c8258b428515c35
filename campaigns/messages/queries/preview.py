"""A template as one line's customer would read it, with what stands in the way."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from campaigns.messages.models import MessageTemplate, Obstacle
from campaigns.messages.queries.rendering import BILL_AGE, ending_of, rendering_sql, text_parameters
from campaigns.messages.rules import Length, fill, measure
from campaigns.messages.variables import EXAMPLES
from campaigns.outreach import Answer, ContactRequest, explain
from customers.facts.models import Subscriber


@dataclass(frozen=True)
class Preview:
    """address: not masked. obstacle: why it could not be sent, None where it could. answer: the gate's, now."""

    language: str
    address: str
    subject: str
    text: str
    obstacle: Obstacle | None
    answer: Answer
    length: Length


def preview(*, template: MessageTemplate, line: Subscriber, now: datetime) -> Preview:
    """The text as it would be queued now. The sender's own variables have no value here but their examples."""
    given = {"offer": EXAMPLES["en"]["offer"], "offer_zh": EXAMPLES["zh"]["offer"], "until": f"{now:%Y-%m-%d}"}
    parameters = text_parameters(template) | {
        "places": [0], "subscribers": [line.pk], "origin_keys": [""], "given": [json.dumps(given)],
        "bills_since": timezone.localtime(now).date() - BILL_AGE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        chosen = "language, address, subject, text, obstacle"
        cursor.execute(f"SELECT {chosen} FROM ({rendering_sql(template)}) r", parameters)
        language, address, subject, text, obstacle = cursor.fetchone()
    request = ContactRequest(line.account.customer_id, line.pk, template.channel, template.purpose, "")
    (answer,) = explain(requests=[request], now=now)
    return Preview(language, address, subject, text, Obstacle(obstacle) if obstacle else None, answer, measure(text))


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
