"""The commands of docs/billing-integration.md, run as they stand; `# -> text` must be in the answer."""

import os
import re
import shutil
import subprocess

import pytest

from campaigns.messages.models import Message
from campaigns.messages.services.sending import send_batch
from campaigns.outreach.models import ContactPolicy
from campaigns.scenarios.services.installation import install_scenarios
from customers.batches.services.loading import load_queued
from customers.facts.models import Subscriber, UsageDay
from customers.lists.models import ListEntry
from docs.examples.billing_client import ApiError, Billing
from retention import env
from retention.core import clock
from tests.api import make_client
from tests.campaigns.messages.rows import make_template, queue
from tests.campaigns.offers.rows import make_decision, make_offer
from tests.factories import make_profile
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.scenario_opening import open_from_events

PAGE = env.ROOT / "docs" / "billing-integration.md"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine"),
]


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


def run(block: str, folder, environment: dict[str, str]) -> str:
    """The block's output; functions of the blocks before it (post) are known."""
    helpers = "".join(re.findall(r"^\w+\(\) \{.*?\}$\n", "".join(blocks()), re.DOTALL | re.MULTILINE))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", helpers + block],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def workers_do_their_part() -> None:
    load_queued()
    open_from_events(now=clock.now())


def write_in_app(line: Subscriber) -> None:
    """At any hour."""
    ContactPolicy.objects.create(app_from="00:00", app_until="23:59:59.999999")
    template = make_template(channel="app", purpose="service", subject="Your bill is ready", subject_zh="", body_zh="")
    queue(line, template=template, now=clock.now())
    assert send_batch(channel="app", now=clock.now()).sent == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_the_page_does_what_it_says(live_server, tmp_path):
    install_order_types()
    install_scenarios()
    caller = make_client()
    environment = os.environ | {"BASE": live_server.url, "KEY": caller.key}
    for block in blocks():
        if "decisions?state=pending" in block:
            line = Subscriber.objects.get(subscriber_no="S1")
            make_profile(subscriber=line)
            make_decision(line=line, offer=make_offer(code="renew"))
        if "termination_request" in block:  # before the order, beside which nothing else may be planned
            write_in_app(Subscriber.objects.get(subscriber_no="S1"))
        said = run(block, tmp_path, environment)
        for expected in re.findall(r"^# -> (.*)$", block, re.MULTILINE):
            assert expected in said, f"{block}\n{said}"
        workers_do_their_part()
    assert UsageDay.objects.filter(subscriber__subscriber_no="S1").count() == 6
    assert WorkOrder.objects.get().source == "S23"
    assert Message.objects.get().state == "delivered"
    assert list(ListEntry.objects.values_list("kind", "channel")) == [("do_not_disturb", "app")]


def test_the_example_client_goes_through_the_same_day(live_server):
    caller = make_client(require_signature=True)
    billing = Billing(live_server.url, key=caller.key, secret=caller.secret, patience=3)
    sent = billing.send("branches", [{"code": "YL", "name": "Yunlan", "level": "province"}, {"code": "X"}])
    load_queued()
    assert billing.wait(sent)["state"] == "held"
    assert [error["row"] for error in billing.pages(f"batches/{sent}/errors")] == [2, 2]
    assert billing.put("branches", "YL", {"name": "Yunlan", "level": "province"})["state"] == "applied"
    with pytest.raises(ApiError) as refused:
        billing.put("branches", "YL", {"name": "Yunlan", "level": "galaxy"})
    assert (refused.value.status, refused.value.details[0]["field"]) == (422, "level")


def test_the_example_client_settles_decisions(live_server):
    caller = make_client()
    fine, odd = make_decision(), make_decision()
    billing = Billing(live_server.url, key=caller.key, patience=3)

    def carry_out(decision: dict) -> str:
        if decision["id"] == str(odd.public_id):
            raise ValueError("The line has another contract.")
        return "CHG-1"

    assert billing.settle_decisions(carry_out) == 2
    fine.refresh_from_db()
    odd.refresh_from_db()
    assert (fine.state, fine.billing_ref) == ("confirmed", "CHG-1")
    assert (odd.state, odd.refusal_reason) == ("refused", "The line has another contract.")
    assert billing.settle_decisions(carry_out) == 0
