"""What a test with transactions of its own leaves behind: nothing, and sending stays allowed."""

import pytest
from django.db import connection

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.rules.known_values import common_codes
from customers.profile.models import SubscriberProfile
from retention.core.audit import services as audit
from retention.core.restores.models import KnownCluster
from retention.core.restores.queries import is_restored
from tests import emptying
from tests.factories import NOW, make_profile, make_subscriber
from tests.workorders.rows import make_floor, make_orders

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_of_orders_and_of_the_trail_are_deleted_and_sending_stays_allowed():
    team, (ana,) = make_floor()
    make_orders(2, team=team, now=NOW)
    audit.record(actor=ana, action="restore.finish", target=None)
    KnownCluster.objects.all().delete()
    assert len(emptying.counts()) > 10
    assert emptying.delete_rows()
    assert emptying.counts() == {}
    assert not is_restored()


def test_no_rule_knows_the_common_values_of_rows_that_are_gone():
    for _line in range(3):
        make_profile(subscriber=make_subscriber(channel="hall"), channel="hall")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {SubscriberProfile._meta.db_table}")
    assert emptying.delete_rows()
    field = rule_catalogue()["channel"]
    assert common_codes(field) == ["hall"]
    emptying.forget_common_values()
    assert common_codes(field) == []


def test_rows_that_are_many_are_left_to_truncating(monkeypatch):
    monkeypatch.setattr(emptying, "MANY", 1)
    make_floor()
    assert not emptying.delete_rows()
    assert emptying.counts()
