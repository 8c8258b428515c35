"""The walk-through of docs/examples: the IBM table imported, a rule written in the builder, its back-test, and the same
count by hand. The table has one month end and says who left soon after."""

import re
from datetime import date
from io import StringIO

import pandas as pd
import pytest
from django.core.management import call_command
from django.db import connection

from analytics.backtests.queries.replay import backtest
from campaigns.audiences.rules import parse
from campaigns.scenarios.models import Scenario
from customers.profile.services import build_profile, build_snapshot
from retention.core.accounts.models import Branch
from tests.customers.ingest.test_example_mappings import EXAMPLES, GIVEN, IBM
from tests.factories import TODAY, make_user

RESOURCES = (
    "branches", "plans", "policies", "customers", "accounts", "subscribers", "contracts", "bills", "attributes",
)  # fmt: skip
# On fiber for a year at most, without a contract, paying by electronic check: as the builder's form sends it.
FORM = {
    "code": "IBM-1", "name": "New on fiber", "action": "report_only", "purpose": "retention", "priority": "5",
    "cooldown_days": "30", "part": ["r", "r-0", "r-1", "r-2", "r-3"], "r.mode": "and",
    "r-0.field": "plan_code", "r-0.operator": "=", "r-0.value": "Fiber optic",
    "r-1.field": "tenure_months", "r-1.operator": "<=", "r-1.value": "12.5",
    "r-2.field": "contract_ends_on", "r-2.operator": "null",
    "r-3.field": "attributes.payment_method", "r-3.operator": "=", "r-3.value": "Electronic check",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("standing_clock")
@pytest.mark.skipif(not IBM.exists(), reason="the IBM table is not here")
def test_a_rule_from_the_builder_over_the_ibm_table_counts_as_pandas_does(client):
    for resource in RESOURCES:
        call_command(
            "import_facts", resource, str(IBM), mapping=EXAMPLES / "ibm_telco" / f"{resource}.toml",
            declare=resource == "attributes", stdout=StringIO(), skip_checks=True,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the server must know what came, as it does between two imports
    build_snapshot(as_of=GIVEN)
    build_profile(as_of=TODAY)

    table = pd.read_csv(IBM)
    wanted = table[
        (table["InternetService"] == "Fiber optic") & (table["tenure"] <= 12)
        & (table["Contract"] == "Month-to-month") & (table["PaymentMethod"] == "Electronic check")
    ]  # fmt: skip
    hits, left = len(wanted), int((wanted["Churn"] == "Yes").sum())
    lines, leavers = len(table), int((table["Churn"] == "Yes").sum())
    assert (lines, leavers, hits, left) == (7043, 1869, 631, 449)

    user = make_user(role="manager", branch=Branch.objects.get())
    client.force_login(user)
    assert client.post("/scenarios/new/", FORM).headers["Location"] == "/scenarios/IBM-1/"
    page = client.get("/scenarios/IBM-1/backtest/").content.decode()
    scenario = Scenario.objects.get(code="IBM-1")
    found = backtest(tree=parse(scenario.rule), as_of=TODAY, user=user)

    september = found.months[-2]
    assert september.on == date(2026, 9, 30)
    assert [month.on for month in found.judged] == [september.on]  # the table is of one day
    assert (september.base.lines, september.base.left[30]) == (lines, leavers)
    window = found.window(30)
    assert (window.found.lines, window.left, window.gone) == (hits, left, left)
    assert window.precision == pytest.approx(left / hits)
    assert window.lift == pytest.approx((left / hits) / (leavers / lines))
    assert window.share_caught == pytest.approx(left / leavers)
    assert found.window(60).precision is None  # 60 days after September are not over on 20 November
    words = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    left_table = words[words.index("Who left") : words.index("By month end")]
    assert "30 days 1 631 449 449 71.2% 67.5% – 74.6% 26.54% 2.68 24.0%" in left_table
