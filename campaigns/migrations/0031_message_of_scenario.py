from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0030_messages")]

    operations = [ValidateConstraint("scenario", "scenario_message_has_template")]
