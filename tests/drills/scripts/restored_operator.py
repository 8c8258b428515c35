"""In a process of its own: the few rows of the restore drill, and what the product would send. One line of JSON.

make URL | refuse NUMBER | attempt NUMBER...
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from campaigns.outreach import ContactRequest, reserve  # noqa: E402
from customers.facts.models import Consent, Customer, Subscriber  # noqa: E402
from retention.core import clock  # noqa: E402
from retention.core.errors import Unavailable  # noqa: E402
from retention.core.restores.queries import is_restored  # noqa: E402
from retention.core.webhooks.services.relay import deliver_due  # noqa: E402
from tests.core.webhooks.hooks import make_hook, tell  # noqa: E402
from tests.factories import make_list_entry, make_subscriber  # noqa: E402


def make(url: str) -> dict:
    call_command("migrate", verbosity=0)
    make_hook(url=url)
    tell("A", 1, now=clock.now())
    return {"numbers": [make_subscriber().subscriber_no for _ in range(4)]}


def refuse(listed: str, withdrawn: str, opted_out: str) -> dict:
    """One on the do-not-disturb list, one with its consent withdrawn, one opted out of profiling."""
    customer = Customer.objects.get(accounts__subscribers__subscriber_no=listed)
    make_list_entry(customer=customer, created_at=clock.now())
    line = Subscriber.objects.get(subscriber_no=withdrawn)
    Consent.objects.create(
        subscriber=line, purpose="retention", channel="any", granted=False, at=clock.now(), source="shop"
    )
    Customer.objects.filter(accounts__subscribers__subscriber_no=opted_out).update(profiling_opt_out=True)
    return {}


def attempt(*numbers: str) -> dict:
    """What goes out, and what the gate says to a call of each line."""
    lines = {number: Subscriber.objects.select_related("account").get(subscriber_no=number) for number in numbers}
    requests = [
        ContactRequest(line.account.customer_id, line.pk, "call", "retention", "drill", f"W{number}")
        for number, line in lines.items()
    ]
    restored, sent = is_restored(), deliver_due(now=clock.now())["delivered"]
    try:
        reasons = [verdict.reason for verdict in reserve(requests=requests, now=clock.now())]
    except Unavailable as error:
        reasons = [error.code] * len(requests)
    out = list(
        Customer.objects.filter(profiling_opt_out=True).values_list("accounts__subscribers__subscriber_no", flat=True)
    )
    return {"restored": restored, "sent": sent, "reasons": reasons, "opted_out": out}


what, *arguments = sys.argv[1:]
sys.stdout.write(json.dumps({"make": make, "refuse": refuse, "attempt": attempt}[what](*arguments)) + "\n")
