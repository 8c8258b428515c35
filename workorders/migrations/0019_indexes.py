"""Contacts are found by their time. Indexes go of which another one holds the same column first: each was written with
every order and every move."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

INDEXES = {
    "branch": "workorders_workorder_branch_id_9ca706b3",
    "subscriber": "workorders_workorder_subscriber_id_c3025541",
    "team": "workorders_workorder_team_id_4e5ebcee",
}


def without_index(name: str, **field) -> migrations.SeparateDatabaseAndState:
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS {INDEXES[name]}"
    make = f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {INDEXES[name]} ON workorders_workorder ({name}_id)"
    column = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="work_orders", **field
    )
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(drop, make)], [migrations.AlterField("workorder", name, column)]
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workorders", "0018_quality")]

    operations = [
        AddIndexConcurrently(
            "transition",
            models.Index(
                condition=models.Q(("disposition__isnull", False)), fields=["at"], name="transition_contact_at"
            ),
        ),
        without_index("branch", to="core.branch", verbose_name="branch"),
        without_index("subscriber", to="customers.subscriber"),
        without_index("team", to="core.team", null=True, verbose_name="group"),
        RemoveIndexConcurrently("orderclock", "clock_open"),
    ]
