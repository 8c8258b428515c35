"""Month ends on which no night ran: the next night makes up their snapshot and indicators."""

from datetime import date

import pytest
from django.db.models import Q

from analytics.kpis.models import KpiValue
from analytics.kpis.services import make_up_kpis, record_kpis
from customers.facts.models import Bill, Subscriber
from customers.profile.models import ProfileSnapshot
from customers.profile.queries.snapshots import missing_dates, snapshot_dates
from customers.profile.services import build_snapshot, make_up_snapshots
from retention import nightly_steps, pipeline
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job, JobStep
from tests.retention.conftest import UNTIL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("operator")]
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)


def alive_on(day: date) -> set[int]:
    gone_later = Q(terminated_on=None) | Q(terminated_on__gt=day)
    return set(Subscriber.objects.filter(gone_later, activated_on__lte=day).values_list("pk", flat=True))


def snapshot_of(day: date) -> list[dict]:
    return list(ProfileSnapshot.objects.filter(as_of=day).order_by("subscriber_id").values())


def night(day: date, **counts: dict) -> None:
    job = jobs.get_job(kind=pipeline.KIND, business_date=day)
    Job.objects.filter(pk=job.pk).update(state=Job.State.GAPS if counts else Job.State.DONE, counts=counts)


def run_snapshot_step(as_of: date) -> JobStep:
    job = jobs.get_job(kind=pipeline.KIND, business_date=as_of)
    step = JobStep(job=job, name="snapshot", position=1)
    nightly_steps.snapshot(as_of, step)
    return step


def test_the_next_night_makes_up_what_was_missed_from_facts_as_of_that_day():
    night(AUGUST)
    build_snapshot(as_of=AUGUST)
    step = run_snapshot_step(UNTIL)  # no night ran since
    rows = {SEPTEMBER: len(alive_on(SEPTEMBER)), OCTOBER: len(alive_on(OCTOBER))}
    assert step.counts["made_up"] == {str(day): count for day, count in rows.items()}
    assert step.rows == sum(rows.values())
    assert snapshot_dates(UNTIL) == [AUGUST, SEPTEMBER, OCTOBER]
    made_up = snapshot_of(OCTOBER)
    assert {row["subscriber_id"] for row in made_up} == alive_on(OCTOBER)
    assert alive_on(OCTOBER) - alive_on(UNTIL)  # with those that have left since
    ProfileSnapshot.objects.filter(as_of=OCTOBER).delete()
    build_snapshot(as_of=OCTOBER)
    assert snapshot_of(OCTOBER) == made_up
    assert run_snapshot_step(UNTIL).rows == 0  # and only once


def test_before_the_first_snapshot_nothing_is_missing():
    assert missing_dates(UNTIL) == []
    assert make_up_snapshots(before=UNTIL) == {}


def test_a_night_that_waits_for_its_facts_is_waited_for():
    build_snapshot(as_of=AUGUST)
    night(AUGUST)
    assert make_up_snapshots(before=UNTIL, waiting=[OCTOBER]) == {SEPTEMBER: len(alive_on(SEPTEMBER))}
    assert missing_dates(UNTIL) == [OCTOBER]


def test_a_month_whose_bills_never_came_stays_without_a_snapshot():
    build_snapshot(as_of=AUGUST)
    Bill.objects.filter(month=date(2026, 9, 1)).delete()
    made_up = make_up_snapshots(before=UNTIL)
    assert list(made_up) == [OCTOBER] or made_up == {}
    assert SEPTEMBER in missing_dates(UNTIL)


def test_indicators_of_missed_month_ends_are_made_up():
    record_kpis(as_of=AUGUST, historic_only=True)
    made_up = make_up_kpis(before=UNTIL)
    assert list(made_up) == [SEPTEMBER, OCTOBER]
    lines = KpiValue.objects.filter(kpi="subscribers")
    assert sum(row.numerator for row in lines.filter(as_of=OCTOBER)) == len(alive_on(OCTOBER))
    assert make_up_kpis(before=UNTIL) == {}
