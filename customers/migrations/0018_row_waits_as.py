from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built beside the work only outside a transaction

    dependencies = [
        ('customers', '0017_topups_as_spend'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='quarantinedrow',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['resource', 'key'], name='row_waits_as'),
        ),
    ]
