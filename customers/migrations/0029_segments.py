from django.db import migrations, models

PROFILES = ("profilesnapshot", "subscriberprofile")
LINES = (
    ("mobile_lines_of_customer", models.IntegerField(null=True, verbose_name="Mobile lines of the customer")),
    ("iptv_lines_of_customer", models.IntegerField(null=True, verbose_name="IPTV lines of the customer")),
)
SEGMENTS = (
    ("segment", models.CharField(max_length=60, null=True, verbose_name="Segment by stability")),
    ("segment_need", models.CharField(max_length=60, null=True, verbose_name="Segment by need")),
)


class Migration(migrations.Migration):
    dependencies = [("core", "0010_known_cluster"), ("customers", "0028_plan_fit")]

    operations = [
        *(migrations.AddField(profile, name, field) for profile in PROFILES for name, field in LINES),
        *(migrations.AddField("subscriberprofile", name, field) for name, field in SEGMENTS),
        migrations.CreateModel(
            "LineSegment",
            [
                ("subscriber", models.OneToOneField(
                    "customers.subscriber", models.DO_NOTHING, db_constraint=False, primary_key=True,
                    related_name="line_segment", serialize=False,
                )),
                ("branch", models.ForeignKey(
                    "core.branch", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="line_segments"
                )),
                ("segment", models.CharField(max_length=60)),
                ("segment_need", models.CharField(max_length=60, null=True)),
                ("spend", models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={"indexes": [models.Index(fields=["segment", "subscriber"], name="line_segment_cell")]},
        ),
    ]
