"""The constraints and indexes of decisions are made without holding up their writing; what past decisions cost."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Max

OPEN = ("requested", "proposed")
CHUNK = 5_000


def write_costs(apps, schema_editor):
    """The cost stands in the terms of each decision; a range of ids at a time."""
    decision = apps.get_model("campaigns", "Decision")
    last = decision.objects.aggregate(last=Max("pk"))["last"] or 0
    with schema_editor.connection.cursor() as cursor:
        for start in range(1, last + 1, CHUNK):
            cursor.execute(
                "UPDATE campaigns_decision SET cost = (terms ->> 'cost')::numeric"
                " WHERE id BETWEEN %s AND %s AND terms ? 'cost'",
                [start, start + CHUNK - 1],
            )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("campaigns", "0028_offers_in_full")]

    operations = [
        ValidateConstraint("decision", "decision_state_named"),
        ValidateConstraint("decision", "decision_denied_has_reason"),
        AddIndexConcurrently(
            "decision",
            models.Index(condition=models.Q(state__in=OPEN), fields=["stands_until"], name="decision_open"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY decision_open_once ON campaigns_decision (order_no, offer_id)"
                    " WHERE state IN ('requested', 'proposed')",
                    "DROP INDEX CONCURRENTLY decision_open_once",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY decision_proposed_once",
                    "CREATE UNIQUE INDEX CONCURRENTLY decision_proposed_once ON campaigns_decision (order_no, offer_id)"
                    " WHERE state = 'proposed'",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "decision",
                    models.UniqueConstraint(
                        condition=models.Q(state__in=OPEN), fields=("order_no", "offer"), name="decision_open_once"
                    ),
                ),
                migrations.RemoveConstraint("decision", "decision_proposed_once"),
            ],
        ),
        migrations.RunPython(write_costs, migrations.RunPython.noop),
    ]
