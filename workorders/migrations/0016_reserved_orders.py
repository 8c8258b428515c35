import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

TABLE = "workorders_workorder"


def add_key(name: str, to: str, field: models.ForeignKey) -> migrations.SeparateDatabaseAndState:
    """A foreign key of a large table: checked for new rows at once, for the others without a lock."""
    constraint = f"order_{name}_fk"
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"ALTER TABLE {TABLE} ADD COLUMN {name}_id bigint", f"ALTER TABLE {TABLE} DROP COLUMN {name}_id"
            ),
            migrations.RunSQL(
                f"ALTER TABLE {TABLE} ADD CONSTRAINT {constraint} FOREIGN KEY ({name}_id) REFERENCES {to} (id)"
                " DEFERRABLE INITIALLY DEFERRED NOT VALID",
                migrations.RunSQL.noop,
            ),
            migrations.RunSQL(
                f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {constraint}", migrations.RunSQL.noop
            ),
        ],
        [migrations.AddField("workorder", name, field)],
    )


class Migration(migrations.Migration):
    """What is reserved has a queue of its own."""

    atomic = False  # an index is built beside the work only outside a transaction

    dependencies = [
        ("workorders", "0015_allocation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        add_key(
            "reserved_for", "core_user",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="reserved_orders", to=settings.AUTH_USER_MODEL, verbose_name="reserved for",
            ),
        ),
        migrations.AddField("workorder", "reserved_until", models.DateTimeField(null=True, verbose_name="reserved until")),
        add_key(
            "rule", "workorders_allocationrule",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="orders",
                to="workorders.allocationrule", verbose_name="allocation rule",
            ),
        ),
        AddIndexConcurrently(
            model_name='workorder',
            index=models.Index(models.F('team'), models.F('priority'), models.F('due_at'), models.OrderBy(models.F('expected_gain'), descending=True, nulls_last=True), models.F('id'), condition=models.Q(('reserved_until', None), ('state', 'queued')), name='order_open_queue'),
        ),
        AddIndexConcurrently(
            model_name='workorder',
            index=models.Index(models.F('rule'), models.F('team'), models.F('priority'), models.F('due_at'), models.OrderBy(models.F('expected_gain'), descending=True, nulls_last=True), models.F('id'), condition=models.Q(('reserved_until__isnull', False), ('state', 'queued'), ('reserved_for', None)), name='order_rule_queue'),
        ),
        AddIndexConcurrently(
            model_name='workorder',
            index=models.Index(models.F('reserved_for'), models.F('priority'), models.F('due_at'), models.OrderBy(models.F('expected_gain'), descending=True, nulls_last=True), models.F('id'), condition=models.Q(('reserved_until__isnull', False), ('state', 'queued'), ('reserved_for__isnull', False)), name='order_owner_queue'),
        ),
        AddIndexConcurrently(
            model_name='workorder',
            index=models.Index(condition=models.Q(('reserved_until__isnull', False), ('state', 'queued')), fields=['reserved_until'], name='order_reserved'),
        ),
        # The new queue holds by now: no claim is without an index.
        RemoveIndexConcurrently("workorder", "order_queue"),
    ]
