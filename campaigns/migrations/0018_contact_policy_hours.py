from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0017_contact_policy_in_full")]

    operations = [
        ValidateConstraint("contactpolicy", "contact_policy_sms_hours"),
        ValidateConstraint("contactpolicy", "contact_policy_email_hours"),
    ]
