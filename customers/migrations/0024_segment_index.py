from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: an index that is built beside the night's work takes no transaction."""

    atomic = False
    dependencies = [("customers", "0023_segments")]

    operations = [
        AddIndexConcurrently("subscriberprofile", models.Index("segment", "subscriber", name="profile_segment"))
    ]
