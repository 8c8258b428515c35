"""The night that several benchmarks stand on."""

from datetime import date

from django.db import connection
from django.db.models import Max

from customers.facts.models import UsageDay
from retention import pipeline
from retention.core.jobs.services import FINISHED_STATES, get_job

# Everything a night makes.
MADE = (
    "core_job", "core_chunkedrun", "customers_planfit", "customers_subscriberprofile", "customers_profilesnapshot",
    "customers_riskscore", "customers_contactrecord", "customers_customergrant", "campaigns_scenariohit",
    "campaigns_scenariorun", "workorders_workorder", "analytics_modelversion", "analytics_kpivalue",
)  # fmt: skip


def last_day() -> date:
    """The last day of which usage has come."""
    return UsageDay.objects.aggregate(last=Max("day"))["last"]


def after_a_night() -> date:
    """Run the night of the last day unless it was run; returns that day."""
    as_of = last_day()
    if get_job(kind=pipeline.KIND, business_date=as_of).state not in FINISHED_STATES:
        pipeline.run_nightly(as_of=as_of)
    return as_of


def forget_nights() -> None:
    """As if no night had been run. Only ever called on the benchmarks' own database."""
    assert str(connection.settings_dict["NAME"]).endswith("_bench")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(MADE)} CASCADE")
