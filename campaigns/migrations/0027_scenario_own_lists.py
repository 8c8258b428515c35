from django.db import migrations, models

# A longer varchar is a change of the catalogue alone: no row is read or written.
_WIDEN = """
-- squawk-ignore changing-column-type
ALTER TABLE campaigns_scenario ALTER COLUMN list_kind TYPE varchar(24);
"""
_NARROW = """
-- squawk-ignore changing-column-type
ALTER TABLE campaigns_scenario ALTER COLUMN list_kind TYPE varchar(16);
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0026_drawn_hits")]

    operations = [
        migrations.RunSQL(
            _WIDEN,
            _NARROW,
            state_operations=[
                migrations.AlterField(
                    model_name="scenario",
                    name="list_kind",
                    field=models.CharField(blank=True, db_default="", default="", max_length=24, verbose_name="list"),
                ),
            ],
        ),
    ]
