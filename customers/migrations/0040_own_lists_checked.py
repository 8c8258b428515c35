from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built, and rows are checked, beside the work only outside a transaction

    dependencies = [
        ('customers', '0039_own_lists'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='listentry',
            index=models.Index(condition=models.Q(('own_list__isnull', False)), fields=['own_list'], name='list_of_own'),
        ),
        ValidateConstraint(model_name='listentry', name='own_list_is_named'),
    ]
