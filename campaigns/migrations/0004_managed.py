"""`branch` is no longer reachable backwards from a branch: state only, nothing in the database changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_offers_and_events'),
        ('core', '0004_verbose_names'),
    ]

    operations = [
        migrations.AlterField(
            model_name='offer',
            name='branch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch'),
        ),
        migrations.AlterField(
            model_name='scenario',
            name='branch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch'),
        ),
    ]
