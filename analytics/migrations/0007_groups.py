import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0006_value"), ("core", "0004_verbose_names"), ("customers", "0009_themes")]

    operations = [
        migrations.CreateModel(
            name="GroupRisk",
            fields=[
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="risk",
                        serialize=False,
                        to="customers.customergroup",
                        verbose_name="group",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                ("since", models.DateField(verbose_name="since")),
                (
                    "level",
                    models.CharField(
                        choices=[("calm", "Calm"), ("watch", "Watch"), ("alarm", "Alarm")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("signs", models.JSONField(default=list, verbose_name="signs")),
                ("members", models.IntegerField(verbose_name="members")),
                ("left_90d", models.IntegerField(verbose_name="left in 90 days")),
                ("forwarding", models.IntegerField(verbose_name="forwarding to a rival")),
                ("expected_leavers", models.FloatField(verbose_name="expected leavers")),
                ("spend_change", models.FloatField(null=True, verbose_name="spend, change")),
            ],
        ),
        migrations.CreateModel(
            name="GroupNight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="as of")),
                (
                    "level",
                    models.CharField(
                        choices=[("calm", "Calm"), ("watch", "Watch"), ("alarm", "Alarm")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("members", models.IntegerField(verbose_name="members")),
                ("left_90d", models.IntegerField(verbose_name="left in 90 days")),
                ("forwarding", models.IntegerField(verbose_name="forwarding to a rival")),
                ("expected_leavers", models.FloatField(verbose_name="expected leavers")),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="nights",
                        to="customers.customergroup",
                    ),
                ),
            ],
            options={
                "ordering": ["group", "-as_of"],
                "constraints": [models.UniqueConstraint(fields=("group", "as_of"), name="group_night_key")],
            },
        ),
        migrations.CreateModel(
            name="GroupPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("members", models.IntegerField()),
                ("left_90d", models.IntegerField()),
                ("forwarding", models.IntegerField()),
                ("expected_leavers", models.FloatField()),
                ("spend", models.DecimalField(decimal_places=2, max_digits=12)),
                ("revenue_at_risk", models.DecimalField(decimal_places=2, max_digits=12)),
                ("bill_last", models.DecimalField(decimal_places=2, max_digits=12)),
                ("bill_base", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="group_parts",
                        to="core.branch",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="analytics.grouprisk"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("risk", "branch"), name="group_part_key")],
            },
        ),
    ]
