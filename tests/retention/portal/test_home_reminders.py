"""The home page reminds of what waits for the person who reads it, and says nothing when nothing waits."""

from datetime import date

import pytest
from django.test import Client

from analytics.warnings.models import ListDelivery, WarningList
from retention.core.accounts.models import User
from tests.analytics.monitoring.rows import make_alarm
from tests.analytics.warnings.rows import NOW
from tests.factories import TODAY, make_user

pytestmark = pytest.mark.django_db


def deliver(person: User, month: int, lines: int = 41, **given: object) -> ListDelivery:
    dated = date(2026, month, 1)
    sent, _new = WarningList.objects.get_or_create(dated=dated, defaults={"as_of": dated, "frozen_at": NOW})
    return ListDelivery.objects.create(
        warning_list=sent, user=person, branch=person.branch, lines=lines, created_at=NOW, **given
    )


def read(client: Client, person: User) -> str:
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_monthly_list_that_was_not_opened_is_told_with_its_size_and_leads_there(client, mia):
    deliver(mia, 11)
    page = read(client, mia)
    assert "The churn warning list of Nov 2026 is here, with 41 lines of your branch." in page
    assert 'href="/churn/lists/2026-11/"' in page


def test_several_unopened_lists_are_told_in_one_sentence(client, mia):
    deliver(mia, 10)
    deliver(mia, 11)
    page = read(client, mia)
    assert "2 monthly churn warning lists were sent to you and not opened yet." in page
    assert 'href="/churn/lists/"' in page


def test_an_opened_list_and_the_list_of_another_manager_are_not_told(client, mia, branches):
    deliver(mia, 10, opened_at=NOW)
    deliver(make_user(role="manager", branch=branches.city), 11)
    assert 'href="/churn/lists/' not in (page := read(client, mia)) and "/churn/watch/" not in page


@pytest.mark.parametrize("role", ["manager", "analyst", "administrator"])
def test_alarms_that_nobody_acknowledged_are_counted(client, branches, role):
    make_alarm()
    make_alarm(subject="complaints_90d")
    page = read(client, make_user(role=role, branch=branches.province))
    assert "2 alarms of the churn model have not been acknowledged." in page
    assert 'href="/churn/watch/"' in page


def test_acknowledged_and_closed_alarms_are_not_told(client, mia):
    make_alarm(acknowledged_at=NOW, acknowledged_by=mia)
    make_alarm(subject="complaints_90d", closed_on=TODAY)
    assert 'href="/churn/lists/' not in (page := read(client, mia)) and "/churn/watch/" not in page
