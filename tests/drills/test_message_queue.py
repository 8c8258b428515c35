"""2,000 messages, a provider that misbehaves, senders that are killed in the middle of calls, customers who opt out
meanwhile, and quiet hours that begin meanwhile.

Nobody gets a message twice, nobody who has opted out gets one after that, nobody gets one in the quiet hours. Run
it with -s to see the counts.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.utils import timezone

from campaigns.messages.gateways.base import ReplyRow
from campaigns.messages.models import Message, MessageQuerySet
from campaigns.messages.services.queueing import MessageRequest, queue_messages
from campaigns.messages.services.replies import record_replies
from campaigns.messages.states import MADE_STATES, State
from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from customers.facts.models import Account, Customer, Subscriber
from retention import env
from retention.core import clock
from tests.campaigns.messages.rows import make_template
from tests.drills.rig import SCRIPTS
from tests.factories import make_branch, make_plan

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
MESSAGES = int(os.environ.get("DRILL_MESSAGES", "2500"))
KILLS = int(os.environ.get("DRILL_KILLS", "6"))
SENDERS, QUIET_SECONDS, DONE_WITHIN = 3, 4, 180
FIRST, LAST = datetime.min.time(), datetime.max.time().replace(microsecond=0)


def zone_of_noon() -> str:
    """A time zone in which it is about noon, so that quiet hours can be set without crossing a midnight."""
    ahead = 12 - datetime.now(ZoneInfo("UTC")).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@pytest.fixture
def senders(child_environment, tmp_path):
    zone = zone_of_noon()
    own = {
        "SMS_GATEWAY": "fake", "SMS_PER_SECOND": "120", "MESSAGE_LEASE": "2", "TIME_ZONE": zone,
        "FAKE_PROVIDER_FOLDER": str(tmp_path), "FAKE_PROVIDER_TROUBLE": "25", "FAKE_PROVIDER_LATENCY_MS": "300",
        "DJANGO_SETTINGS_MODULE": "retention.settings", "PYTHONPATH": f"{env.ROOT}:{os.environ.get('PYTHONPATH', '')}",
    }  # fmt: skip
    team = Senders(child_environment | own, tmp_path / "calls.ndjson")
    # An opt-out holds from its day on: here and there it is the same day, at any hour of the suite.
    with timezone.override(zone):
        yield team
    team.end()


class Senders:
    """Processes that send. All are killed at once, in the middle of a call, and others take their place."""

    def __init__(self, environment: dict[str, str], calls: Path) -> None:
        self.environment, self.path = environment, calls
        self.running: list[subprocess.Popen] = []
        self.killed, self.caught = 0, 0

    def start(self) -> None:
        command = [sys.executable, str(SCRIPTS / "send_messages.py")]
        self.running = [subprocess.Popen(command, env=self.environment, cwd=env.ROOT) for _ in range(SENDERS)]

    def kill_in_a_call(self, dice: random.Random) -> None:
        # Or all have gone out: a quick machine may have sent the last ones before the last kill.
        # Three processes start beside whatever the other half of the tests does.
        wait_until(lambda: in_hand().exists() or not Message.objects.filter(state=State.QUEUED).exists(), 120)
        time.sleep(dice.uniform(0, 0.3))
        self.end()
        self.killed += SENDERS
        self.caught += in_hand().count()
        self.start()

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()

    def calls(self) -> list[dict]:
        """What the provider was called with: {reference, to, taken, at}."""
        lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        return [orjson.loads(line) for line in lines]


def in_hand() -> MessageQuerySet:
    return Message.objects.filter(state=State.SENDING)


def wait_until(is_so, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.03)


def make_readers() -> list[Subscriber]:
    branch, plan = make_branch(), make_plan()
    numbers = range(MESSAGES)
    customers = Customer.objects.bulk_create(
        Customer(customer_no=f"DC{n}", kind="individual", name="李明", gender="male", branch=branch) for n in numbers
    )
    accounts = Account.objects.bulk_create(
        Account(account_no=f"DA{n}", customer=customers[n], pay_mode="postpaid") for n in numbers
    )
    lines = Subscriber.objects.bulk_create(
        Subscriber(
            subscriber_no=f"DS{n}", account=accounts[n], phone_number=f"1009{n:07d}", line_type="mobile", plan=plan,
            branch=branch, channel="hall", activated_on="2024-01-01", status="active",
        )
        for n in numbers
    )  # fmt: skip
    return lines


def opt_out(number: str, place: int) -> float:
    """The moment from which on nothing may be sent: when the reply is answered."""
    now = clock.now()
    assert record_replies(rows=[ReplyRow(f"drill-{place}", "sms", number, "TD", now)], now=now) == [True]
    return time.time()


def test_nobody_gets_one_twice_or_after_an_opt_out_or_in_quiet_hours(senders):
    dice = random.Random(os.environ.get("DRILL_SEED", "7"))
    policy = ContactPolicy.objects.create(sms_from=FIRST, sms_until=LAST)
    lines = make_readers()
    template = make_template(valid_hours=24)
    queued = queue_messages(
        requests=[MessageRequest(line.pk, "campaign", "DRILL:1") for line in lines], template=template, now=clock.now()
    )
    assert sum(one.state == State.QUEUED for one in queued) == MESSAGES
    opted_out: dict[str, float] = {}
    numbers = dice.sample([line.phone_number for line in lines], MESSAGES // 8)

    def opt_some_out(most: int) -> None:
        for number in numbers[len(opted_out) : len(opted_out) + most]:
            opted_out[number] = opt_out(number, len(opted_out))

    senders.start()
    wait_until(lambda: Message.objects.filter(state=State.SENT).exists(), 60)
    for kill in range(KILLS):
        opt_some_out(len(numbers) // (KILLS + 2))
        senders.kill_in_a_call(dice)
        if kill == KILLS // 2:
            quiet = be_quiet(policy, senders)
    opt_some_out(len(numbers))
    wait_until(lambda: not Message.objects.filter(state__in=[State.QUEUED, State.SENDING, State.UNKNOWN]).exists(),
               DONE_WITHIN)  # fmt: skip
    time.sleep(1.5)  # late receipts
    check(senders, opted_out, quiet)


def be_quiet(policy: ContactPolicy, senders: Senders) -> tuple[float, float]:
    """Quiet hours begin in four seconds and last as long; (their beginning, their end)."""
    zone = ZoneInfo(senders.environment["TIME_ZONE"])
    begins = datetime.now(zone).replace(microsecond=0) + timedelta(seconds=QUIET_SECONDS)
    ContactPolicy.objects.filter(pk=policy.pk).update(sms_until=begins.time())
    time.sleep(max(0.0, begins.timestamp() - time.time()))
    waiting = Message.objects.filter(state=State.QUEUED).count()
    assert waiting > 0, "the queue was empty before the quiet hours began"
    time.sleep(QUIET_SECONDS)
    ends = time.time()
    ContactPolicy.objects.filter(pk=policy.pk).update(sms_until=LAST)
    return begins.timestamp(), ends


def check(senders: Senders, opted_out: dict[str, float], quiet: tuple[float, float]) -> None:
    calls = senders.calls()
    taken = Counter(call["reference"] for call in calls if call["taken"])
    twice = {reference: times for reference, times in taken.items() if times > 1}
    after = [call for call in calls if call["at"] > opted_out.get(call["to"], float("inf"))]
    in_quiet = [call for call in calls if quiet[0] <= call["at"] < quiet[1]]
    states = Counter(Message.objects.values_list("state", flat=True))
    made = set(Message.objects.filter(state__in=MADE_STATES).values_list("reference", flat=True))
    lost = set(taken) - made
    used = Counter(ContactRecord.objects.values_list("state", flat=True))
    sys.stdout.write(
        f"\nmessages {MESSAGES}, calls {len(calls)}, taken {sum(taken.values())}, senders killed {senders.killed},"
        f" messages in hand at a kill {senders.caught}, opted out {len(opted_out)}, twice {len(twice)},"
        f" after the opt-out {len(after)}, in quiet hours {len(in_quiet)}, states {dict(states)}, ledger {dict(used)}\n"
    )  # fmt: skip
    assert senders.caught > 0, "no kill met a message in the hands of a sender"
    assert (twice, after, in_quiet) == ({}, [], [])
    assert lost == set(), "delivered, but not known as sent"
    never_left = {State.CANCELLED, State.FAILED}
    assert set(states) <= {State.SENT, State.DELIVERED} | never_left
    assert states[State.CANCELLED] > 0
    assert used["reserved"] == 0
    assert used["used"] == len(taken)
