"""The task log finds the lines of all trails by their time."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("workorders", "0026_rest_in_the_queue")]
    operations = [AddIndexConcurrently("transition", models.Index(fields=["at"], name="transition_at"))]
