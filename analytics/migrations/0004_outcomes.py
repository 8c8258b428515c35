import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        (("analytics", "0003_learners")),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorGain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("snapshot", models.DateField()),
                ("cohort", models.CharField(blank=True, max_length=10)),
                ("factor", models.CharField(max_length=80)),
                ("rank", models.PositiveSmallIntegerField()),
                ("gain", models.FloatField()),
                ("gain_ratio", models.FloatField()),
                ("lines", models.IntegerField()),
                ("leavers", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "cohort", "factor"), name="factor_gain_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("snapshot", models.DateField()),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("leaves", "Leaves the operator"),
                            ("falls", "Falls to a lower plan or brand"),
                            ("spends_less", "Spend falls a tier"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "line_type",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile"),
                            ("broadband", "Broadband"),
                            ("fixed", "Fixed line"),
                            ("iptv", "IPTV"),
                            ("wireless_landline", "Wireless landline"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "cohort",
                    models.CharField(
                        choices=[
                            ("under_6", "Up to 6 months"),
                            ("6_to_12", "6 to 12 months"),
                            ("over_12", "Over 12 months"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("stays", "Stayed"),
                            ("port_out", "Ported out"),
                            ("voluntary", "Terminated by choice"),
                            ("silent", "Fell silent"),
                            ("lower_brand", "Moved to a lower brand"),
                            ("lower_fee", "Moved to a cheaper plan"),
                            ("spend_fell", "Spend fell a tier"),
                            ("arrears", "Terminated for arrears"),
                            ("false_user", "Terminated as a false user"),
                            ("other_end", "Terminated for another reason"),
                            ("left", "Left by choice in the meantime"),
                            ("not_mature", "The outcome is not known yet"),
                            ("opted_out", "Opted out of profiling"),
                            ("listed_false", "On the list of false users"),
                            ("no_usage", "Usage of the months is not there"),
                            ("no_bills", "Bills of the months are not there"),
                            ("stopped", "Stopped on that date"),
                            ("silent_before", "Silent already"),
                            ("promotion", "Joined on a promotion less than three months before"),
                            ("left_in_gap", "Left inside the gap"),
                            ("lowest_tier", "In the lowest tier of spend already"),
                        ],
                        max_length=16,
                    ),
                ),
                ("lines", models.IntegerField()),
                ("definition", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "meaning", "line_type", "cohort", "fate"), name="outcome_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("snapshot", models.DateField()),
                ("cohort", models.CharField(blank=True, max_length=10)),
                ("rank", models.PositiveSmallIntegerField()),
                ("factor", models.CharField(max_length=80)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("level", models.CharField(blank=True, max_length=80)),
                ("is_blank", models.BooleanField(default=False)),
                ("lines", models.IntegerField()),
                ("leavers", models.IntegerField()),
                ("rate", models.FloatField()),
                ("rate_low", models.FloatField()),
                ("rate_high", models.FloatField()),
                ("lift", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "cohort", "factor"), name="risk_band_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeDefinition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("leaves", "Leaves the operator"),
                            ("falls", "Falls to a lower plan or brand"),
                            ("spends_less", "Spend falls a tier"),
                        ],
                        max_length=12,
                        verbose_name="meaning",
                    ),
                ),
                (
                    "line_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mobile", "Mobile"),
                            ("broadband", "Broadband"),
                            ("fixed", "Fixed line"),
                            ("iptv", "IPTV"),
                            ("wireless_landline", "Wireless landline"),
                        ],
                        max_length=20,
                        verbose_name="line type",
                    ),
                ),
                (
                    "observation_months",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Usage, or for spend the bills, of so many months up to the date must be there.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="observation, months",
                    ),
                ),
                (
                    "gap_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="What happens in these days comes too soon for a call to change it.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="gap, days",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="They begin after the gap.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="outcome window, days",
                    ),
                ),
                (
                    "outcome_months",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="The bills of so many whole months after the gap are averaged.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="outcome window, bills",
                    ),
                ),
                (
                    "fall_share",
                    models.FloatField(
                        default=0.2,
                        help_text="A share of one: 0.2 is a fall by a fifth. Less is a wobble at the edge of a tier.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="smallest fall",
                    ),
                ),
                ("edges", models.JSONField(blank=True, default=list, verbose_name="tiers of spend")),
                ("brands", models.JSONField(blank=True, default=list, verbose_name="brands, highest first")),
                ("changed_at", models.DateTimeField(null=True, verbose_name="changed")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "definition of an outcome",
                "ordering": ["meaning", "line_type"],
                "constraints": [
                    models.UniqueConstraint(fields=("meaning", "line_type"), name="outcome_definition_once")
                ],
            },
        ),
    ]
