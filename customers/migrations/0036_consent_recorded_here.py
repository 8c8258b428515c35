from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0035_consent_proof")]

    operations = [
        AddIndexConcurrently(
            "consent",
            models.Index(
                condition=models.Q(("recorded_by__isnull", False)), fields=["subscriber"], name="consent_recorded_here"
            ),
        ),
    ]
