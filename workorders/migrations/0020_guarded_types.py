"""Types with a stage that takes another permission than all work does are marked, so that a claim finds them at once."""

from django.db import migrations, models

MARK = """
UPDATE workorders_ordertype SET guarded = true
WHERE jsonb_path_exists(stages, '$[*].who ? (@ != "" && @ != "work.do")')
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0019_indexes")]

    operations = [
        migrations.AddField(
            "ordertype", "guarded", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
