"""A campaign for the whole base: freezing its members and opening the orders of all of them, beside bare INSERTs.

Two workers open the orders.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection

from bench.measure import beside, seconds
from bench.night import after_a_night
from bench.workers import WORKERS, together
from campaigns.campaigns.models import Campaign, CampaignMember, Pace
from campaigns.campaigns.queries.funnels import CampaignFunnel
from campaigns.campaigns.queries.previews import count_audience
from campaigns.campaigns.services import approval, execution, freezing
from campaigns.campaigns.states import MemberState
from campaigns.outreach.models import HeldOut
from customers.contacts.models import ContactRecord
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.orders.services.campaign_opening import open_from_campaigns

MEMBERS, MOST_SECONDS = 200_000, 60
RULE = {"combinator": "and", "not": False, "rules": [{"field": "arpu", "operator": ">=", "value": 0}]}
_TABLES = (Campaign, CampaignMember, HeldOut, WorkOrder, ContactRecord)
_FLOOR = f"""
CREATE TEMP TABLE bench_members AS SELECT * FROM {CampaignMember._meta.db_table};
CREATE TEMP TABLE bench_orders AS SELECT * FROM {WorkOrder._meta.db_table};
CREATE TEMP TABLE bench_contacts AS SELECT * FROM {ContactRecord._meta.db_table};
DROP TABLE bench_members, bench_orders, bench_contacts
"""


def run(subscribers: int) -> dict:
    night = after_a_night()
    _forget()
    campaign = _approved(night)
    author = campaign.author
    assert author
    counted = seconds(lambda: count_audience(campaign, user=author))
    funnel = seconds(lambda: approval.campaign_funnel(campaign, now=clock.now()))
    asked: dict[str, Any] = {"actor": author, "code": campaign.code, "version": campaign.version, "now": clock.now()}
    frozen = seconds(lambda: freezing.freeze_audience(**asked))
    execution.launch(**asked)
    opened = seconds(lambda: together(partial(open_from_campaigns, now=clock.now())))
    members = CampaignMember.objects.filter(campaign=campaign)
    again = open_from_campaigns(now=clock.now())
    floor = seconds(_write_again)
    took = frozen + opened
    treated = members.treated().count()
    at_size = took * MEMBERS / max(treated, 1)
    return beside(
        figure=took, floor=floor, unit="s", floor_is="the same members, orders and contacts as bare CREATE TABLE AS",
        goal=f"<= {MOST_SECONDS} s for {MEMBERS:,} members", reached=at_size <= MOST_SECONDS and not again.opened,
        members=members.count(), treated=treated, orders=members.filter(state=MemberState.OPENED).count(),
        refused=members.filter(state=MemberState.REFUSED).count(), on_the_second_run=again.opened, workers=WORKERS,
        freezing=round(frozen, 2), opening=round(opened, 2), counting_ms=round(counted * 1000),
        funnel_ms=round(funnel * 1000), seconds_at_200_000=round(at_size, 1),
    )  # fmt: skip


def _approved(night: date) -> Campaign:
    people = User.objects.filter(is_active=True).order_by("pk")
    author, approver = people.filter(role="manager").first(), people.filter(role="administrator").first()
    today = clock.today()
    campaign = Campaign(
        code="bench", name="Bench", author=author, approved_by=approver, state="approved", rule=RULE, starts_on=today,
        ends_on=today + timedelta(days=30), control_percent=10, salt="bench", pace=Pace.AT_ONCE,
        order_type="churn_retention",
    )  # fmt: skip
    campaign.digest, campaign.tested_version = approval.digest_of(campaign), 1
    campaign.test = CampaignFunnel(night, treated=SubscriberProfile.objects.count()).as_json()
    campaign.save()
    return campaign


def _write_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)


def _forget() -> None:
    """No order, contact or campaign. Only ever called on the benchmarks' own database."""
    assert str(connection.settings_dict["NAME"]).endswith("_bench")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(one._meta.db_table for one in _TABLES)} CASCADE")
