from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('customers', '0026_plan_market'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='creditchange',
            index=models.Index(fields=['as_of'], name='credit_change_night'),
        ),
    ]
