"""The report adds up the scored lines that the reader may see, plan by plan."""

from decimal import Decimal

import pytest

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.analytics.warnings.rows import scored
from tests.factories import NOW, TODAY, make_plan, make_subscriber, make_user

pytestmark = pytest.mark.django_db
URL = "/churn/reports/risk-by-plan/"


@pytest.fixture
def lines(branches):
    cheap, dear = make_plan(code="P1", name="Cheap"), make_plan(code="P2", name="Dear")
    for branch, plan, probability, arpu in (
        (branches.city, cheap, 0.1, 50), (branches.city, cheap, 0.3, 100), (branches.city, dear, 0.2, 300),
        (branches.other, cheap, 0.9, 900),
    ):  # fmt: skip
        line = make_subscriber(branch=branch, plan=plan)
        scored(branch, line=line, as_of=TODAY, plan_code=plan.code, probability=probability, arpu=arpu)


@pytest.fixture
def manager(client, branches):
    """Of the city: the other city's lines are not counted."""
    client.force_login(make_user(username="city", role="manager", branch=branches.city))
    return client


def ask(client, query: str = ""):
    with clock.freeze(NOW):
        answer = client.get(URL + query)
    assert answer.status_code == 200
    return answer


def test_a_plan_is_added_up_over_the_lines_one_may_see(manager, lines):
    first, second = (row.record for row in ask(manager).context["table"].paginated_rows)
    assert (first["plan"], first["lines"], first["total"]) == ("Dear", 1, Decimal(300))
    assert first["at_risk"] == pytest.approx(60)
    assert (second["plan"], second["lines"], second["total"]) == ("Cheap", 2, Decimal(150))
    assert second["at_risk"] == pytest.approx(0.1 * 50 + 0.3 * 100)
    assert second["leavers"] == pytest.approx(0.4)
    assert second["probability"] == pytest.approx(0.2)


def test_the_tab_and_the_title_come_from_the_declaration(manager, lines):
    page = ask(manager)
    assert "Risk by plan" in page.content.decode()
    assert page.context["subtabs"][0]["label"] == "Risk by plan"
    assert [kind["active"] for kind in page.context["subtabs"]] == [True, False, False]
    assert [tab["url"] for tab in page.context["tabs"] if tab["active"]] == ["/churn/reports/"]


def test_the_report_is_exported_with_one_audit_entry(manager, lines):
    text = b"".join(ask(manager, "?export=csv")).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("Dear,P2,1,")
    assert AuditEntry.objects.get(action="export").target == "risk-by-plan"
