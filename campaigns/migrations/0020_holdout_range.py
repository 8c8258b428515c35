from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0019_cohorts")]

    operations = [ValidateConstraint("scenario", "scenario_holdout_range")]
