from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a draft was saved, so that a window notices that another one has saved it since."""

    dependencies = [("workorders", "0002_origin")]

    operations = [
        migrations.AddField("draft", "revision", models.PositiveIntegerField(db_default=1, default=1)),
    ]
