from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0033_leaver_circles")]

    operations = [
        migrations.AddField(
            "contactrecord", "behind", models.JSONField(blank=True, db_default={}, default=dict)
        ),
        migrations.AddField(
            "contactrecord",
            "by_risk",
            models.BooleanField(db_default=False, default=False, verbose_name="chosen by a risk score"),
        ),
        migrations.AddField(
            "contactrecord",
            "displaced_by",
            models.CharField(blank=True, db_default="", max_length=60, verbose_name="gave way to"),
        ),
    ]
