"""A grant may be given until a moment instead of with an order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0045_leavers_listed'),
    ]

    operations = [
        migrations.AddField(
            model_name='customergrant',
            name='until',
            field=models.DateTimeField(null=True),
        ),
    ]
