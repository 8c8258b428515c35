"""A month end without a snapshot is shown as missing among the outcomes: a gap in words, never zero."""

from datetime import date

import pytest

from analytics.outcomes import queries
from analytics.outcomes.models import OutcomeCount
from analytics.outcomes.services.definitions import install_definitions
from tests.analytics.outcomes.test_outcome_pages import count

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)


@pytest.fixture(autouse=True)
def counts(db: None) -> None:
    """July and September; no snapshot at the end of August."""
    install_definitions()
    for month, left in ((JULY, 300), (SEPTEMBER, 100)):
        count(month, "port_out", left)
        count(month, "stays", 9700)


def test_the_month_in_between_has_a_row_without_figures():
    months = queries.by_month(OutcomeCount.objects.all())
    assert [(one["month"], one["missing"], one["lines"], one["rate"]) for one in months] == [
        (SEPTEMBER, False, 9800, 100 / 9800),
        (AUGUST, True, None, None),
        (JULY, False, 10_000, 0.03),
    ]


def test_charts_and_table_say_that_there_is_no_snapshot(client, ada):
    client.force_login(ada)
    answer = client.get("/churn/outcomes/")
    rates, ways = answer.context["charts"]
    assert rates["x"][1].endswith("\nno snapshot")
    assert rates["series"][0]["values"] == [0.03, None, pytest.approx(100 / 9800)]
    assert ways["series"][0]["values"] == [300, None, 100]
    assert answer.content.decode().count("no snapshot") >= 2
    assert client.get("/churn/outcomes/?month=2026-08-31").context["detail"]["title"] == "Sep 2026"
