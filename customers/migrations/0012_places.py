from django.db import migrations

from customers.fields.base import RealField

PROFILES = ("profilesnapshot", "subscriberprofile")
FIELDS = (
    ("district_dropped_rate", RealField(null=True, verbose_name="Dropped calls in the district, last month")),
    ("city_rival_share", RealField(null=True, verbose_name="Lines in the city that call rival hotlines, last month")),
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_warnings_by_gain")]

    operations = [migrations.AddField(profile, name, field) for profile in PROFILES for name, field in FIELDS]
