from django.db import migrations, models

LISTS = "('warning-list', 'group', 'second-sim')"
# One pass over the table. The first entry of the evidence opened the order; an event is among its facts.
CONVERT = f"""
UPDATE workorders_workorder o SET
    purpose = t.purpose,
    origin_kind = CASE
        WHEN o.origin_key IN {LISTS} THEN o.origin_key
        WHEN o.evidence -> 0 -> 'facts' ? 'event' THEN 'event'
        ELSE 'scenario'
    END,
    origin_key = CASE WHEN o.origin_key IN {LISTS} THEN '' ELSE o.origin_key END
FROM workorders_ordertype t WHERE t.id = o.type_id
"""
CONVERT_BACK = f"UPDATE workorders_workorder SET origin_key = origin_kind WHERE origin_kind IN {LISTS}"


class Migration(migrations.Migration):
    """The free text `source` becomes the kind and the key of the origin; the order keeps the purpose it is for."""

    dependencies = [("workorders", "0001_initial")]

    operations = [
        migrations.RemoveIndex("workorder", "order_of_source"),
        migrations.RenameField("workorder", "source", "origin_key"),
        migrations.AlterField(
            "workorder", "origin_key", models.CharField(blank=True, max_length=60, verbose_name="origin key")
        ),
        migrations.AddField(
            "workorder",
            "origin_kind",
            models.CharField(
                choices=[
                    ("scenario", "Found by a nightly scenario"),
                    ("event", "Found by a scenario as an event arrived"),
                    ("warning-list", "Chosen from the warning list"),
                    ("group", "Chosen from a group at risk"),
                    ("second-sim", "Chosen from the list of second SIMs"),
                ],
                default="scenario",
                max_length=16,
                verbose_name="origin",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "workorder",
            "purpose",
            models.CharField(default="", max_length=40, verbose_name="purpose"),
            preserve_default=False,
        ),
        migrations.RunSQL(CONVERT, CONVERT_BACK),
        migrations.AddIndex(
            "workorder", models.Index(fields=["origin_kind", "origin_key", "opened_on"], name="order_of_origin")
        ),
    ]
