"""What agents are to reach a day: of a group, and of one person."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_squashed_0013_labels'),
        ('workorders', '0027_task_log'),
    ]

    operations = [
        migrations.AddField(
            model_name='agentterms',
            name='contacts_target',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='contacts a day (target)'),
        ),
        migrations.AddField(
            model_name='agentterms',
            name='kept_target',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='retained or accepted a day (target)'),
        ),
        migrations.CreateModel(
            name='TeamTargets',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contacts_target', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='contacts a day (target)')),
                ('kept_target', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='retained or accepted a day (target)')),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='daily_targets', to='core.team')),
            ],
            options={
                'verbose_name': 'daily targets of a group',
            },
        ),
    ]
