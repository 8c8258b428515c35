"""The list of lines that left reads one index for each of its orders."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F

LISTED = ("branch", "line_type", "left_reason")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0044_fewer_indexes")]

    operations = [
        AddIndexConcurrently(
            "leaverprofile",
            models.Index(
                models.OrderBy(F("left_spend"), descending=True),
                F("subscriber"),
                include=(*LISTED, "days_since_left"),
                name="leaver_by_spend",
            ),
        ),
        AddIndexConcurrently(
            "leaverprofile",
            models.Index(
                F("days_since_left"), F("subscriber"), include=(*LISTED, "left_spend"), name="leaver_by_days"
            ),
        ),
    ]
