from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("campaigns", "0025_scenario_states")]

    operations = [
        AddIndexConcurrently(
            "scenariohit",
            models.Index(
                condition=models.Q(("holdout_percent__gt", 0)),
                fields=["scenario", "subscriber", "on"],
                name="scenario_hit_drawn",
            ),
        ),
    ]
