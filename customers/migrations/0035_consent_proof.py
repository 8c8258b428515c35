import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0034_contact_refusals"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "consent",
            "proof",
            models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="proof"),
        ),
        migrations.AddField(
            "consent",
            "recorded_by",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AlterField("consent", "at", models.DateTimeField(verbose_name="at")),
        migrations.AlterField("consent", "granted", models.BooleanField(verbose_name="granted")),
        migrations.AlterField("consent", "source", models.CharField(max_length=60, verbose_name="source")),
    ]
