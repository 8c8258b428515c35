"""Notices of staff: who is told of them, on which nights, and their pages."""

import pytest

from campaigns.care.models import CareNotice
from campaigns.scenarios.models import Scenario, ScenarioHit
from retention.core.audit.models import AuditEntry
from tests.campaigns.care.rows import CONTACT_ON, DAY, install_only, line_of, make_notice, occasion_of, run
from tests.factories import TODAY, make_branch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_a_notice_tells_its_district_two_days_before():
    install_only("cut-over")
    district = make_branch()
    line, _elsewhere = line_of(branch=make_branch(parent=district)), line_of()
    notice = make_notice(branch=district)
    assert run() == [("cut-over", line.pk)]
    assert occasion_of(line) == {
        "kind": "notice", "notice": notice.code, "on": "2026-11-23", "name": "Network work", "name_zh": "网络割接"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "enabled", "found"),
    [(2, 3, True, 1), (3, 4, True, 0), (-1, 0, True, 1), (-2, -1, True, 0), (2, 3, False, 0)],
)
def test_a_notice_is_told_until_its_end_and_only_while_it_is_on(starts, ends, enabled, found):
    install_only("cut-over")
    line_of()
    make_notice(starts_on=CONTACT_ON + starts * DAY, ends_on=CONTACT_ON + ends * DAY, enabled=enabled)
    assert len(run()) == found


def test_each_customer_is_told_once_of_each_notice():
    install_only("cut-over")
    line = line_of()
    make_notice()
    assert run() == [("cut-over", line.pk)]
    late = line_of()
    line.as_of = late.as_of = TODAY + DAY
    line.save()
    late.save()
    assert run(TODAY + DAY) == [("cut-over", late.pk)]
    make_notice(name="Other work", starts_on=CONTACT_ON + 4 * DAY, ends_on=CONTACT_ON + 4 * DAY)
    for one in (line, late):
        one.as_of = TODAY + 2 * DAY
        one.save()
    assert len(run(TODAY + 2 * DAY)) == 2
    assert ScenarioHit.objects.filter(subscriber=line.pk).count() == 2


FORM = {
    "code": "N7", "name": "Storm", "name_zh": "台风", "starts_on": "2026-11-23", "ends_on": "2026-11-24", "version": "1"
}  # fmt: skip


def test_a_manager_enters_a_notice_and_switches_it_on(manager, mia):
    install_only("big-event")
    kind = Scenario.objects.get(code="S21-big-event")
    branch = mia.branch_id
    assert (
        manager.post("/scenarios/S21/notices/new/", FORM | {"scenario": kind.pk, "branch": branch}).status_code == 302
    )
    notice = CareNotice.objects.get(code="N7")
    assert (notice.scenario, notice.branch_id, notice.enabled) == (kind, branch, False)
    manager.post("/scenarios/S21/notices/N7/switch/", {"to": "on"})
    assert CareNotice.objects.get(code="N7").enabled
    assert AuditEntry.objects.filter(action="carenotice.change").count() == 2
    page = manager.get("/scenarios/S21/").content.decode()
    assert "Storm" in page
    assert "/scenarios/S21/notices/N7/" in page
    assert "Storm" in manager.get("/scenarios/S21/notices/").content.decode()
    assert "Storm" in manager.get("/scenarios/S21/notices/N7/").content.decode()


def test_a_notice_that_ends_before_it_starts_is_refused_at_its_field(manager, mia):
    install_only("big-event")
    kind = Scenario.objects.get(code="S21-big-event")
    sent = FORM | {"scenario": kind.pk, "branch": mia.branch_id, "ends_on": "2026-11-22"}
    answer = manager.post("/scenarios/S21/notices/new/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_on"] == ["It ends before it starts."]
    assert not CareNotice.objects.exists()
