"""Names by part, pinyin and initials, and numbers by their last digits."""

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from customers.facts.name_index import index_stored_names


def index_names(apps, schema_editor):
    """A range of ids at a time, each committed by itself; run again it finds only what is left."""
    index_stored_names()


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("customers", "0023_customer_names")]

    operations = [
        AddIndexConcurrently(
            "account",
            models.Index(
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Reverse("account_no"), collation="C"
                ),
                name="account_no_ends",
            ),
        ),
        AddIndexConcurrently(
            "subscriber",
            models.Index(
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Reverse("phone_number"), collation="C"
                ),
                name="subscriber_phone_ends",
            ),
        ),
        migrations.RunPython(index_names, migrations.RunPython.noop),
    ]
