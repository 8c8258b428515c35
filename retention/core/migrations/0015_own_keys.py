"""People may choose their own keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_squashed_0013_labels")]

    operations = [
        migrations.AddField(
            "user",
            "own_keys",
            models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False
            ),
        ),
    ]
