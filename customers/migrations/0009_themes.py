from django.db import migrations, models

from customers.fields.base import RealField

PROFILES = ("profilesnapshot", "subscriberprofile")
FIELDS = (
    ("use_change", RealField(null=True, verbose_name="Use altogether, change")),
    ("use_half_change", RealField(null=True, verbose_name="Use against six months, change")),
    ("in_share_change", RealField(null=True, verbose_name="Share of calls in, change")),
    ("household_left_180d", models.IntegerField(null=True, verbose_name="Lines of the customer gone in 180 days")),
    (
        "group_forward_share",
        RealField(null=True, verbose_name="Share of the group that forwards to a rival"),
    ),
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_verbose_names")]

    operations = [
        migrations.AddField("riskscore", "themes", models.JSONField(db_default={}, default=dict)),
        *(migrations.AddField(profile, name, field) for profile in PROFILES for name, field in FIELDS),
        migrations.AddIndex(
            "subscriberprofile",
            models.Index(
                models.OrderBy(models.F("arpu"), descending=True, nulls_last=True),
                models.F("subscriber"),
                condition=models.Q(in_share_change__gte=0.12, calls_out_change__lte=-0.3),
                name="profile_second_sim",
            ),
        ),
        migrations.AddIndex(
            "usagemonth",
            models.Index(fields=["month"], condition=models.Q(forwarded_rival__gt=0), name="usage_month_forwarding"),
        ),
    ]
