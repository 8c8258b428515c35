import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0013_labels'),
        ('customers', '0036_consent_recorded_here'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='subscriberprofile',
            name='cohort_code',
            field=models.CharField(max_length=60, null=True, verbose_name='Snapshot cohort'),
        ),
        migrations.AddField(
            model_name='subscriberprofile',
            name='cohort_owner',
            field=models.CharField(max_length=60, null=True, verbose_name='Owner in the snapshot cohort'),
        ),
        migrations.AddField(
            model_name='subscriberprofile',
            name='in_cohort',
            field=models.BooleanField(null=True, verbose_name='Member of a snapshot cohort'),
        ),
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('code', models.SlugField(max_length=24, unique=True, verbose_name='code')),
                ('enabled', models.BooleanField(default=False, verbose_name='enabled')),
                ('built_in', models.BooleanField(default=False, editable=False, verbose_name='built in')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('rule', models.JSONField(verbose_name='rule')),
                ('mid_from', models.DecimalField(decimal_places=2, default=60, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='middle value from (yuan a month)')),
                ('high_from', models.DecimalField(decimal_places=2, default=120, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='high value from (yuan a month)')),
                ('frozen_on', models.DateField(editable=False, null=True, verbose_name='frozen as of')),
                ('frozen_at', models.DateTimeField(editable=False, null=True)),
                ('members', models.PositiveIntegerField(default=0, editable=False, verbose_name='members')),
                ('base_revenue', models.DecimalField(decimal_places=2, default=Decimal('0'), editable=False, max_digits=14, verbose_name='base revenue a month')),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
                ('frozen_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'snapshot cohort',
                'verbose_name_plural': 'snapshot cohorts',
            },
        ),
        migrations.CreateModel(
            name='CohortMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_number', models.CharField(max_length=32, verbose_name='phone number')),
                ('value_band', models.CharField(max_length=4, verbose_name='value')),
                ('base_revenue', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='base revenue')),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cohort_members', to='core.branch')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='customers.cohort')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohort_members', to='customers.customer')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cohort_members', to=settings.AUTH_USER_MODEL)),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohort_members', to='customers.subscriber')),
            ],
        ),
        migrations.CreateModel(
            name='CohortHandover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('reason', models.CharField(choices=[('allotted', 'Allotted'), ('by_hand', 'Given by hand'), ('owner_left', 'The owner left')], max_length=12, verbose_name='reason')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='customers.cohortmember')),
            ],
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('enabled', False), models.Q(('frozen_on__isnull', False), ('members__gt', 0)), _connector='OR'), name='cohort_on_is_frozen'),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('mid_from__lte', models.F('high_from'))), name='cohort_bands_in_order'),
        ),
        migrations.AddIndex(
            model_name='cohortmember',
            index=models.Index(fields=['owner', 'cohort'], name='cohort_member_of_owner'),
        ),
        migrations.AddConstraint(
            model_name='cohortmember',
            constraint=models.UniqueConstraint(fields=('cohort', 'subscriber'), name='cohort_member_once'),
        ),
    ]
