"""Who did the work: an index of saved contacts by their time."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built beside the work only outside a transaction

    dependencies = [("workorders", "0012_order_flows")]

    operations = [
        AddIndexConcurrently(
            "transition",
            models.Index(
                condition=models.Q(("disposition__isnull", False)), fields=["at"], name="transition_contact_at"
            ),
        ),
    ]
