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
    dependencies = [("customers", "0022_contact_state_labels")]

    operations = [
        *(migrations.AddField(profile, name, field) for profile in PROFILES for name, field in LINES),
        *(migrations.AddField("subscriberprofile", name, field) for name, field in SEGMENTS),
    ]
