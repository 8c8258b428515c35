"""Alarms of the release before become alerts, and back, without losing one."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from analytics.monitoring.models import ProposalReason, RetrainProposal
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.services.alarms import install_thresholds
from analytics.monitoring.text import format_alarm
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Severity
from tests.core.alerts.rows import make_alert
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
moving = import_module("analytics.migrations.0008_alerts")
EDITOR = SimpleNamespace(connection=connection)
COLUMNS = (
    "id, kind, subject, version, opened_on, judged_on, closed_on, value, peak, detail, acknowledged_at,"
    " acknowledged_by_id, note, proposal_id"
)


def old_rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM analytics_watchalarm ORDER BY id")
        return cursor.fetchall()


@pytest.fixture
def alarms(lin) -> list[tuple]:
    """The table as it was, with an open alarm of a proposal and a closed, acknowledged one."""
    install_thresholds()
    proposal = RetrainProposal.objects.create(as_of=TODAY, version="v1")
    opened = TODAY - timedelta(days=8)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE analytics_watchalarm (id bigserial PRIMARY KEY, kind varchar(12), subject varchar(80),"
            " version varchar(60), opened_on date, judged_on date, closed_on date, value double precision,"
            " peak double precision, detail jsonb, acknowledged_at timestamptz, acknowledged_by_id bigint,"
            " note varchar(200), proposal_id bigint)"
        )
        cursor.executemany(
            f"INSERT INTO analytics_watchalarm ({COLUMNS}) VALUES ({', '.join(['%s'] * 14)})",
            [
                (7, "feature", "arpu", "v1", opened, TODAY, None, 0.3, 0.4, '{"psi": 0.3}', None, None, "",
                 proposal.pk),
                (9, "unscored", "", "v0", date(2026, 3, 29), TODAY, TODAY, 0, 2, '{"since": ""}', NOW, lin.pk, "Seen",
                 None),
            ],
        )  # fmt: skip
    return old_rows()


def test_every_alarm_is_an_alert_with_its_id_its_dates_and_its_proposal(alarms, lin) -> None:
    moving.to_alerts(None, EDITOR)
    drift, night = model_alarms().order_by("pk")
    assert (drift.pk, drift.kind, drift.source, drift.threshold) == (7, "model.feature", "v1", 0.25)
    assert (drift.opened_on, drift.closed_on, drift.severity) == (TODAY - timedelta(days=8), None, Severity.MAJOR)
    assert (drift.value, drift.peak, drift.detail) == (0.3, 0.4, {"psi": 0.3})
    assert (night.pk, night.closed_on, night.opened_on) == (9, TODAY, date(2026, 3, 29))
    assert (night.acknowledged_at, night.acknowledged_by, night.note) == (NOW, lin, "Seen")
    assert [alarm.pk for alarm in RetrainProposal.objects.get().alarms.all()] == [7]
    assert "PSI 0.30 since 12 Nov 2026" in format_alarm(drift)
    assert make_alert(subject="new").pk == 10


def test_the_way_back_restores_the_rows(alarms) -> None:
    moving.to_alerts(None, EDITOR)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM analytics_watchalarm")
    make_alert()
    moving.to_alarms(None, EDITOR)
    assert old_rows() == alarms
    assert not ProposalReason.objects.exists()
    assert [alert.kind for alert in Alert.objects.all()] == ["test.delay"]
