import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Versions that are published have the moves to and from the cover of an absent agent too: within their stage, or where
# the same way leads already. Stages of the state "assigned" alone can be put back, those of "queued" alone adopted.
ROUTES = """
UPDATE workorders_ordertype SET routes = (
    SELECT jsonb_object_agg(stage, CASE
        WHEN ways ? 'put_back' THEN ways || jsonb_build_object(
            'cover', jsonb_build_array(stage, ''), 'cover_group', ways -> 'put_back',
            'come_back', jsonb_build_array(stage, ''))
        WHEN ways ? 'adopt' AND ways ? 'claim' THEN ways || jsonb_build_object('come_back', ways -> 'claim')
        ELSE ways END)
    FROM jsonb_each(routes) AS one(stage, ways))
WHERE routes <> '{}'
"""


class Migration(migrations.Migration):
    """Skills, allocation rules, absences, saved views, bulk runs."""

    dependencies = [
        ('core', '0013_labels'),
        ('customers', '0043_app_messages'),
        ('workorders', '0014_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('reason', models.CharField(choices=[('leave', 'Annual leave'), ('sick', 'Sick leave'), ('training', 'Training'), ('trip', 'Business trip'), ('other', 'Other')], default='leave', max_length=8, verbose_name='reason')),
                ('began', models.BooleanField(default=False, editable=False)),
                ('ended', models.BooleanField(default=False, editable=False)),
                ("agent", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ("cover", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cover')),
                ("recorded_by", models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'absence',
                'ordering': ['-first_day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('give', 'Assign'), ('take_back', 'Take back'), ('defer', 'Defer'), ('priority', 'Change the priority'), ('cancel', 'Cancel')], max_length=12, verbose_name='action')),
                ('given', models.JSONField(default=dict)),
                ('stop_asked', models.BooleanField(default=False)),
                ("job", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_run', to='core.job')),
            ],
            options={
                'verbose_name': 'bulk action',
            },
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_done', models.BooleanField(default=False)),
                ('refusal', models.CharField(blank=True, choices=[('unseen', 'not one of your orders any more'), ('closed', 'closed'), ('on_call', 'on the desk of an agent'), ('unchanged', 'so already'), ('illegal', 'its state or its type allows no such move'), ('moved', 'moved by somebody else meanwhile')], max_length=12, verbose_name='refused because')),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workorders.workorder')),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='workorders.bulkrun')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=2000, verbose_name='filters')),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                ("team", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.team', verbose_name='group')),
            ],
            options={
                'verbose_name': 'saved view',
            },
        ),
        migrations.CreateModel(
            name='DefaultView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=40)),
                ("user", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ("view", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workorders.savedview')),
            ],
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('code', models.SlugField(max_length=24, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('skill', 'Skill'), ('language', 'Language')], default='skill', max_length=8, verbose_name='kind')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'skill',
                'verbose_name_plural': 'skills',
                'ordering': ['kind', 'code'],
            },
        ),
        migrations.CreateModel(
            name='AgentTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('daily_cap', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='orders a day at most')),
                ("user", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agent_terms', to=settings.AUTH_USER_MODEL)),
                ("skills", models.ManyToManyField(blank=True, related_name='agents', to='workorders.skill', verbose_name='skills and languages')),
            ],
            options={
                'verbose_name': 'skills of an agent',
            },
        ),
        migrations.CreateModel(
            name='AllocationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='position')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('order_type', models.CharField(blank=True, max_length=40, verbose_name='order type')),
                ('origin', models.CharField(blank=True, max_length=16, verbose_name='origin')),
                ('spend_from', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='spend from (yuan a month)')),
                ('spend_below', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='spend below (yuan a month)')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language of the customer')),
                ('own_field', models.CharField(blank=True, max_length=60, verbose_name='own field')),
                ('own_value', models.CharField(blank=True, max_length=100, verbose_name='value of the own field')),
                ('ownership', models.CharField(blank=True, choices=[('owned', 'With an owner'), ('unowned', 'Without an owner')], max_length=8, verbose_name='owner')),
                ('to_owner', models.BooleanField(default=False, verbose_name='first to the owner')),
                ('minutes', models.PositiveIntegerField(default=240, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(43200)], verbose_name='minutes until it is open to the whole group')),
                ("agents", models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reserved for these agents')),
                ("branch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocation_rules', to='core.branch', verbose_name='branch')),
                ("team", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.team', verbose_name='group')),
                ("skill", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workorders.skill', verbose_name='required skill')),
                ("speaks", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workorders.skill', verbose_name='required language')),
            ],
            options={
                'verbose_name': 'allocation rule',
                'verbose_name_plural': 'allocation rules',
            },
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(condition=models.Q(('ended', False)), fields=['last_day'], name='absence_not_over'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='absence_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('cover', None), models.Q(('cover', models.F('agent')), _negated=True), _connector='OR'), name='absence_covered_by_another'),
        ),
        migrations.AddIndex(
            model_name='bulkitem',
            index=models.Index(condition=models.Q(('is_done', False), ('refusal', '')), fields=['run', 'id'], name='bulk_item_waits'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.UniqueConstraint(fields=('run', 'order'), name='bulk_item_once'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'page', 'name'), name='saved_view_named_once'),
        ),
        migrations.AddConstraint(
            model_name='defaultview',
            constraint=models.UniqueConstraint(fields=('user', 'page'), name='default_view_once'),
        ),
        migrations.AddConstraint(
            model_name='allocationrule',
            constraint=models.CheckConstraint(condition=models.Q(('spend_from', None), ('spend_below', None), ('spend_from__lt', models.F('spend_below')), _connector='OR'), name='allocation_spend_in_order'),
        ),
        migrations.RunSQL(ROUTES, migrations.RunSQL.noop),
    ]
