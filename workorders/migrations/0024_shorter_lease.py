"""A dead browser's order is free within 60 s: types with the usual lease of before have the new one."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

BEFORE, NOW = 70, 50


def shorten(apps, schema_editor):
    apps.get_model("workorders", "OrderType").objects.filter(lease_seconds=BEFORE).update(lease_seconds=NOW)


class Migration(migrations.Migration):
    few_rows = "versions of order types: dozens"
    dependencies = [("workorders", "0023_lean_orders")]

    operations = [
        migrations.AlterField(
            model_name="ordertype",
            name="lease_seconds",
            field=models.PositiveSmallIntegerField(
                db_default=NOW,
                default=NOW,
                validators=[MinValueValidator(30), MaxValueValidator(3600)],
                verbose_name="seconds an order stays on a desk without a sign of life",
            ),
        ),
        migrations.RunPython(shorten, migrations.RunPython.noop),
    ]
