import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0013_labels'),
        ('customers', '0038_leaver_cohorts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='listentry',
            name='end_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason of the end'),
        ),
        migrations.AddField(
            model_name='listentry',
            name='ended_by',
            field=models.ForeignKey(null=True, db_constraint=False, db_index=False, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='listentry',
            name='proof',
            field=models.CharField(blank=True, max_length=120, verbose_name='proof'),
        ),
        migrations.AddField(
            model_name='listentry',
            name='source',
            field=models.CharField(choices=[('staff', 'Decided by staff'), ('customer', 'The customer asked for it'), ('disposition', 'End of a call'), ('file', 'File'), ('api', 'API')], default='staff', max_length=12, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='listentry',
            name='kind',
            field=models.CharField(choices=[('blacklist', 'Blacklist'), ('do_not_disturb', 'Do not disturb'), ('false_user', 'False user'), ('red_list', 'Red list'), ('own', 'Own list')], max_length=16, verbose_name='list'),
        ),
        migrations.CreateModel(
            name='OwnList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('code', models.SlugField(max_length=24, unique=True, verbose_name='code')),
                ('enabled', models.BooleanField(default=False, verbose_name='enabled')),
                ('built_in', models.BooleanField(default=False, editable=False, verbose_name='built in')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('effect', models.CharField(choices=[('mark', 'Marks only'), ('block', 'Blocks contact')], default='mark', max_length=8, verbose_name='what it does')),
                ('channels', models.JSONField(blank=True, default=list, verbose_name='channels')),
                ('purposes', models.JSONField(blank=True, default=list, verbose_name='purposes')),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
            ],
            options={
                'verbose_name': 'own list',
                'verbose_name_plural': 'own lists',
            },
        ),
        migrations.AddField(
            model_name='listentry',
            name='own_list',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, db_constraint=False, db_index=False, related_name='entries', to='customers.ownlist'),
        ),
        AddConstraintNotValid(
            model_name='listentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'own'), ('own_list__isnull', False)), models.Q(models.Q(('kind', 'own'), _negated=True), ('own_list', None)), _connector='OR'), name='own_list_is_named'),
        ),
    ]
