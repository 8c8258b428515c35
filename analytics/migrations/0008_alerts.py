"""Alarms of the model watch become alerts of the core, with the ids they had; proposals name them as before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# An alarm of a date was opened, judged and closed at its first moment in the operator's time zone.
TO_ALERTS = """
    INSERT INTO core_alert (
        id, kind, subject, source, severity, value, peak, threshold, detail, opened_at, seen_at, closed_at,
        calm_readings, acknowledged_at, acknowledged_by_id, note
    )
    SELECT alarm.id, 'model.' || alarm.kind, subject, version, CASE WHEN serious THEN 2 ELSE 1 END, value, peak,
           coalesce(opens_at, peak), detail, opened_on::timestamp AT TIME ZONE %(zone)s,
           judged_on::timestamp AT TIME ZONE %(zone)s, closed_on::timestamp AT TIME ZONE %(zone)s, 0,
           acknowledged_at, acknowledged_by_id, note
    FROM analytics_watchalarm alarm LEFT JOIN analytics_watchthreshold threshold ON threshold.kind = alarm.kind
"""
TO_REASONS = """
    INSERT INTO analytics_proposalreason (alert_id, proposal_id)
    SELECT id, proposal_id FROM analytics_watchalarm WHERE proposal_id IS NOT NULL
"""
TO_ALARMS = """
    INSERT INTO analytics_watchalarm (
        id, kind, subject, version, opened_on, judged_on, closed_on, value, peak, detail, acknowledged_at,
        acknowledged_by_id, note, proposal_id
    )
    SELECT id, substr(kind, 7), subject, source, (opened_at AT TIME ZONE %(zone)s)::date,
           (seen_at AT TIME ZONE %(zone)s)::date, (closed_at AT TIME ZONE %(zone)s)::date, value, peak, detail,
           acknowledged_at, acknowledged_by_id, note, proposal_id
    FROM core_alert LEFT JOIN analytics_proposalreason ON alert_id = id WHERE kind LIKE 'model.%%'
"""
SET_NEXT_ID = """
    SELECT setval(pg_get_serial_sequence('{0}', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM {0}
"""


def to_alerts(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute(TO_ALERTS, {"zone": settings.TIME_ZONE})
        cursor.execute(TO_REASONS)
        cursor.execute(SET_NEXT_ID.format("core_alert"))
        # The constraints of the new table are added at the end: no check may be pending by then.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def to_alarms(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute(TO_ALARMS, {"zone": settings.TIME_ZONE})
        cursor.execute("DELETE FROM analytics_proposalreason")
        cursor.execute("DELETE FROM core_alert WHERE kind LIKE 'model.%%'", {})
        cursor.execute(SET_NEXT_ID.format("analytics_watchalarm"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("analytics", "0007_groups"), ("core", "0006_alerts_notices")]

    operations = [
        migrations.CreateModel(
            name="ProposalReason",
            fields=[
                ("alert", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="proposal_reason", serialize=False, to="core.alert")),
                ("proposal", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="analytics.retrainproposal")),
            ],
        ),
        migrations.RunPython(to_alerts, to_alarms),
        migrations.DeleteModel(name="WatchAlarm"),
        migrations.AddField(
            model_name="retrainproposal",
            name="alarms",
            field=models.ManyToManyField(related_name="+", through="analytics.ProposalReason", to="core.alert"),
        ),
    ]
