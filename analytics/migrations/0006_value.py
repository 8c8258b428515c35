"""Value terms, treatments, tests and leaving rates; warning lists with triggers that keep a frozen list as it is."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A list is filled while `frozen_at` is empty; once it is set, neither the list nor an entry of it changes again.
# Statement triggers with transition tables: one look at the list for a whole INSERT ... SELECT, not one a row.
FROZEN = """
CREATE FUNCTION analytics_refuse_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN analytics_warninglist l ON l.id = a.warning_list_id WHERE l.frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a frozen warning list is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION analytics_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen warning list is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION analytics_refuse_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NOT NULL THEN
        RAISE EXCEPTION 'a frozen warning list is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER warning_entries_added AFTER INSERT ON analytics_warningentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION analytics_refuse_more();
CREATE TRIGGER warning_entries_stay BEFORE UPDATE OR DELETE ON analytics_warningentry
    FOR EACH ROW EXECUTE FUNCTION analytics_refuse_change();
CREATE TRIGGER warning_list_stays BEFORE UPDATE OR DELETE ON analytics_warninglist
    FOR EACH ROW EXECUTE FUNCTION analytics_refuse_list();
"""
THAWED = """
DROP TRIGGER warning_list_stays ON analytics_warninglist;
DROP TRIGGER warning_entries_stay ON analytics_warningentry;
DROP TRIGGER warning_entries_added ON analytics_warningentry;
DROP FUNCTION analytics_refuse_list();
DROP FUNCTION analytics_refuse_change();
DROP FUNCTION analytics_refuse_more();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0005_watch"),
        ("core", "0004_verbose_names"),
        ("customers", "0008_verbose_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WarningList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dated', models.DateField(unique=True, verbose_name='list of')),
                ('as_of', models.DateField(verbose_name='scored on')),
                ('model_version', models.CharField(max_length=60, verbose_name='model version')),
                ('lines', models.PositiveIntegerField(default=0, verbose_name='lines')),
                ('frozen_at', models.DateTimeField(null=True, verbose_name='frozen')),
            ],
            options={
                'ordering': ['-dated'],
            },
        ),
        migrations.CreateModel(
            name='LeavingRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('line_type', models.CharField(choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, verbose_name='line type')),
                ('cohort', models.CharField(choices=[('under_6', 'Up to 6 months'), ('6_to_12', '6 to 12 months'), ('over_12', 'Over 12 months')], max_length=10, verbose_name='tenure')),
                ('line_days', models.BigIntegerField(verbose_name='line-days')),
                ('leavers', models.PositiveIntegerField(verbose_name='leavers')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('as_of', 'line_type', 'cohort'), name='leaving_rate_once')],
            },
        ),
        migrations.CreateModel(
            name='Treatment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contact', 'Contact only'), ('renewal', 'Contract renewal'), ('plan_change', 'Plan change'), ('gift', 'Gift')], max_length=12, unique=True, verbose_name='treatment')),
                ('save_rate', models.FloatField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='save rate, before tests')),
                ('weight', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='counts as so many leavers')),
                ('enough', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='leavers needed in tests')),
                ('acceptance', models.FloatField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='share that takes the offer')),
                ('offer_cost', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='cost of the offer (yuan)')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('acceptance__range', (0, 1)), ('save_rate__gte', 0), ('save_rate__lt', 1), ('weight__gte', 1)), name='treatment_shares')],
            },
        ),
        migrations.CreateModel(
            name='ValueTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_type', models.CharField(blank=True, choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, unique=True, verbose_name='line type')),
                ('margin', models.FloatField(default=0.45, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='margin, share of spend')),
                ('discount_a_year', models.FloatField(default=0.1, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='discount rate a year')),
                ('horizon_months', models.PositiveSmallIntegerField(default=36, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months looked ahead')),
                ('leaving_a_month', models.FloatField(default=0.02, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='leaving a month, when not known')),
                ('saved_leaves', models.FloatField(default=2.0, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='a saved line leaves at this many times the usual rate')),
                ('contact_cost', models.DecimalField(decimal_places=2, default=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='cost of a contact (yuan)')),
                ('mid_from', models.DecimalField(decimal_places=2, default=60, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='middle value from (yuan a month)')),
                ('high_from', models.DecimalField(decimal_places=2, default=120, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='high value from (yuan a month)')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('mid_from__lte', models.F('high_from'))), name='value_bands_in_order'), models.CheckConstraint(condition=models.Q(('discount_a_year__range', (0, 1)), ('leaving_a_month__range', (0, 1)), ('margin__range', (0, 1))), name='value_shares')],
            },
        ),
        migrations.CreateModel(
            name='Experiment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contact', 'Contact only'), ('renewal', 'Contract renewal'), ('plan_change', 'Plan change'), ('gift', 'Gift')], max_length=12, verbose_name='treatment')),
                ('cohort', models.CharField(blank=True, choices=[('under_6', 'Up to 6 months'), ('6_to_12', '6 to 12 months'), ('over_12', 'Over 12 months')], max_length=10, verbose_name='tenure')),
                ('band', models.CharField(blank=True, choices=[('low', 'Low'), ('mid', 'Middle'), ('high', 'High')], max_length=4, verbose_name='value')),
                ('as_of', models.DateField(verbose_name='counted on')),
                ('treated', models.PositiveIntegerField(verbose_name='contacted')),
                ('treated_left', models.PositiveIntegerField(verbose_name='of these left')),
                ('control', models.PositiveIntegerField(verbose_name='held back')),
                ('control_left', models.PositiveIntegerField(verbose_name='of those left')),
                ('source', models.CharField(max_length=120, verbose_name='source')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('source', 'kind', 'cohort', 'band'), name='experiment_once'), models.CheckConstraint(condition=models.Q(('control__gte', 1), ('control_left__lte', models.F('control')), ('treated__gte', 1), ('treated_left__lte', models.F('treated'))), name='experiment_counts')],
            },
        ),
        migrations.CreateModel(
            name='WarningEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('warning_list_id', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField(verbose_name='place')),
                ('line_type', models.CharField(choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, verbose_name='line type')),
                ('cohort', models.CharField(choices=[('under_6', 'Up to 6 months'), ('6_to_12', '6 to 12 months'), ('over_12', 'Over 12 months')], max_length=10, verbose_name='tenure')),
                ('tier', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=10, verbose_name='risk tier')),
                ('decile', models.SmallIntegerField(verbose_name='tenth')),
                ('probability', models.FloatField(verbose_name='chance of leaving')),
                ('expected_gain', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='expected gain')),
                ('monthly_spend', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='spend a month')),
                ('reasons', models.JSONField(default=list)),
                ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch')),
                ('subscriber', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.subscriber')),
                ('warning_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='analytics.warninglist')),
            ],
            options={
                'indexes': [models.Index(fields=['warning_list', 'branch', 'place'], name='warning_entry_of_branch')],
                'constraints': [models.UniqueConstraint(fields=('warning_list', 'subscriber'), name='warning_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='ListResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_on', models.DateField(verbose_name='counted on')),
                ('lines', models.PositiveIntegerField(verbose_name='lines')),
                ('expected', models.FloatField(verbose_name='announced')),
                ('left', models.PositiveIntegerField(verbose_name='left')),
                ('other_left', models.PositiveIntegerField(verbose_name='left otherwise')),
                ('contacted', models.PositiveIntegerField(verbose_name='contacted')),
                ('contacted_left', models.PositiveIntegerField(verbose_name='contacted and left')),
                ('branch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch')),
                ('warning_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='analytics.warninglist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('warning_list', 'branch'), name='list_result_once')],
            },
        ),
        migrations.CreateModel(
            name='ListDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lines', models.PositiveIntegerField(verbose_name='lines')),
                ('created_at', models.DateTimeField(verbose_name='sent')),
                ('opened_at', models.DateTimeField(null=True, verbose_name='first opened')),
                ('mail', models.CharField(choices=[('none', 'No e-mail'), ('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='none', max_length=8, verbose_name='e-mail')),
                ('mail_tries', models.PositiveSmallIntegerField(default=0)),
                ('mail_at', models.DateTimeField(null=True)),
                ('mail_error', models.CharField(blank=True, max_length=200)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('warning_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='analytics.warninglist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('warning_list', 'user'), name='list_delivery_once')],
            },
        ),
        migrations.RunSQL(FROZEN, THAWED),
    ]
