import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from retention.core.db.squashed_tables import CreateModels

FROZEN_LISTS = """
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
NO_FROZEN_LISTS = """
DROP TRIGGER warning_list_stays ON analytics_warninglist;
DROP TRIGGER warning_entries_stay ON analytics_warningentry;
DROP TRIGGER warning_entries_added ON analytics_warningentry;
DROP FUNCTION analytics_refuse_list();
DROP FUNCTION analytics_refuse_change();
DROP FUNCTION analytics_refuse_more();
"""


class Migration(migrations.Migration):

    replaces = [('analytics', '0001_initial'), ('analytics', '0002_modelversion'), ('analytics', '0003_learners'), ('analytics', '0004_outcomes'), ('analytics', '0005_watch'), ('analytics', '0006_value'), ('analytics', '0007_groups'), ('analytics', '0008_alerts'), ('analytics', '0009_chunked_scoring'), ('analytics', '0010_training_attempt'), ('analytics', '0011_measure_labels'), ('analytics', '0012_labels'), ('analytics', '0013_backtests'), ('analytics', '0014_campaign_evidence')]

    initial = True

    dependencies = [
        ('campaigns', '0001_squashed_0038_due_members'),
        ('core', '0001_squashed_0013_labels'),
        ('customers', '0001_squashed_0045_leavers_listed'),
    ]

    operations = [
        CreateModels(
            [migrations.CreateModel(
                name='ScenarioBacktest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scenario', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='backtests', to='campaigns.scenario')),
                    ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='backtests', to='core.branch')),
                    ('month', models.DateField()),
                    ('version', models.PositiveIntegerField()),
                    ('known', models.BooleanField()),
                    ('share', models.FloatField()),
                    ('found', models.PositiveIntegerField()),
                    ('left', models.PositiveIntegerField()),
                    ('base', models.PositiveIntegerField()),
                    ('base_left', models.PositiveIntegerField()),
                    ('gain', models.DecimalField(decimal_places=2, max_digits=12)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('scenario', 'month', 'branch'), name='scenario_backtest_once')],
                },
            ), migrations.CreateModel(
                name='OutcomeDefinition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meaning', models.CharField(choices=[('leaves', 'Leaves the operator'), ('falls', 'Moves to a lower plan or brand'), ('spends_less', 'Spend drops a tier')], max_length=12, verbose_name='meaning')),
                    ('line_type', models.CharField(blank=True, choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, verbose_name='line type')),
                    ('observation_months', models.PositiveSmallIntegerField(default=3, help_text='Usage, or for spend the bills, of so many months up to the date must be there.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='observation, months')),
                    ('gap_days', models.PositiveSmallIntegerField(default=7, help_text='What happens in these days comes too soon for a call to change it.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(60)], verbose_name='gap, days')),
                    ('horizon_days', models.PositiveSmallIntegerField(default=30, help_text='They begin after the gap.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='outcome window, days')),
                    ('outcome_months', models.PositiveSmallIntegerField(default=2, help_text='The bills of so many whole months after the gap are averaged.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='outcome window, bills')),
                    ('fall_share', models.FloatField(default=0.2, help_text='A share of one: 0.2 is a fall by a fifth. Less is a wobble at the edge of a tier.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='smallest fall')),
                    ('edges', models.JSONField(blank=True, default=list, verbose_name='tiers of spend')),
                    ('brands', models.JSONField(blank=True, default=list, verbose_name='brands, highest first')),
                    ('changed_at', models.DateTimeField(null=True, verbose_name='changed')),
                    ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ],
                options={
                    'verbose_name': 'definition of an outcome',
                    'ordering': ['meaning', 'line_type'],
                    'constraints': [models.UniqueConstraint(fields=('meaning', 'line_type'), name='outcome_definition_once')],
                },
            ), migrations.CreateModel(
                name='ModelVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.CharField(max_length=60, unique=True, verbose_name='version')),
                    ('state', models.CharField(choices=[('champion', 'Champion'), ('challenger', 'Challenger'), ('retired', 'Retired')], default='challenger', max_length=12, verbose_name='state')),
                    ('created_at', models.DateTimeField(verbose_name='trained')),
                    ('metrics', models.JSONField(default=dict, verbose_name='figures')),
                    ('cohorts', models.JSONField(default=list)),
                    ('curves', models.JSONField(default=dict)),
                    ('factors', models.JSONField(default=list)),
                    ('features', models.JSONField(default=list)),
                    ('shapes', models.JSONField(default=list)),
                    ('tiers', models.JSONField(default=dict)),
                    ('span', models.JSONField(default=dict)),
                    ('recipe', models.JSONField(default=dict)),
                    ('notes', models.JSONField(default=list)),
                    ('comparison', models.JSONField(default=dict)),
                    ('reference', models.JSONField(default=dict)),
                    ('artefact', models.BinaryField()),
                    ('checksum', models.CharField(max_length=64)),
                    ('promoted_at', models.DateTimeField(null=True, verbose_name='promoted')),
                    ('promoted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('promoted_why', models.CharField(blank=True, max_length=200, verbose_name='why')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'champion')), fields=('state',), name='model_one_champion'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'champion'), _negated=True), models.Q(('promoted_at', None), _negated=True), _connector='OR'), name='model_champion_promoted')],
                },
            ), migrations.CreateModel(
                name='TrainingAttempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('tried_at', models.DateTimeField()),
                    ('problem', models.CharField(choices=[('no_leavers', 'No Leavers'), ('few_leavers', 'Few Leavers'), ('not_better', 'Not Better'), ('unusable', 'Unusable'), ('other', 'Other')], max_length=20)),
                    ('numbers', models.JSONField(default=dict)),
                    ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='analytics.modelversion')),
                ],
                options={
                    'ordering': ['-tried_at', '-pk'],
                    'get_latest_by': ['tried_at', 'pk'],
                },
            ), migrations.CreateModel(
                name='LearnerContest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('held_at', models.DateTimeField()),
                    ('rows', models.JSONField(default=list)),
                    ('means', models.JSONField(default=list)),
                    ('chosen', models.CharField(max_length=20)),
                    ('own', models.JSONField(default=list)),
                ],
                options={
                    'ordering': ['-held_at', '-pk'],
                    'get_latest_by': ['held_at', 'pk'],
                },
            ), migrations.CreateModel(
                name='UpliftContest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField(verbose_name='facts up to')),
                    ('held_at', models.DateTimeField(verbose_name='held')),
                    ('campaigns', models.JSONField(default=list)),
                    ('members', models.PositiveIntegerField(verbose_name='members')),
                    ('treated', models.PositiveIntegerField(verbose_name='treated')),
                    ('left', models.PositiveIntegerField(verbose_name='left')),
                    ('control_left', models.PositiveIntegerField(verbose_name='left of the control')),
                    ('state', models.CharField(choices=[('too_few', 'Too few members'), ('lost', 'Not better: not used'), ('won', 'Better: in use')], max_length=8, verbose_name='state')),
                    ('figures', models.JSONField(default=dict)),
                    ('artefact', models.JSONField(null=True)),
                    ('helps_from', models.FloatField(null=True)),
                ],
                options={
                    'verbose_name': 'contest of uplift',
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('artefact__isnull', False), ('state', 'won')), models.Q(models.Q(('state', 'won'), _negated=True), ('artefact', None)), _connector='OR'), name='uplift_model_only_if_won')],
                },
            ), migrations.CreateModel(
                name='UpliftScore',
                fields=[
                    ('subscriber', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='uplift', serialize=False, to='customers.subscriber')),
                    ('as_of', models.DateField()),
                    ('gain', models.FloatField()),
                    ('helps', models.BooleanField()),
                ],
                options={
                    'verbose_name': 'uplift of a line',
                },
            ), migrations.CreateModel(
                name='GroupRisk',
                fields=[
                    ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='risk', serialize=False, to='customers.customergroup', verbose_name='group')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('since', models.DateField(verbose_name='since')),
                    ('level', models.CharField(choices=[('calm', 'Calm'), ('watch', 'Watch'), ('alarm', 'Alarm')], max_length=8, verbose_name='level')),
                    ('signs', models.JSONField(default=list, verbose_name='signs')),
                    ('members', models.IntegerField(verbose_name='members')),
                    ('left_90d', models.IntegerField(verbose_name='left in 90 days')),
                    ('forwarding', models.IntegerField(verbose_name='forwarding to a rival')),
                    ('expected_leavers', models.FloatField(verbose_name='expected leavers')),
                    ('spend_change', models.FloatField(null=True, verbose_name='spend, change')),
                ],
            ), migrations.CreateModel(
                name='GroupPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('risk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='analytics.grouprisk')),
                    ('branch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='group_parts', to='core.branch')),
                    ('members', models.IntegerField()),
                    ('left_90d', models.IntegerField()),
                    ('forwarding', models.IntegerField()),
                    ('expected_leavers', models.FloatField()),
                    ('spend', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('revenue_at_risk', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('bill_last', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('bill_base', models.DecimalField(decimal_places=2, max_digits=12)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('risk', 'branch'), name='group_part_key')],
                },
            ), migrations.CreateModel(
                name='GroupNight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('group', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='nights', to='customers.customergroup')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('level', models.CharField(choices=[('calm', 'Calm'), ('watch', 'Watch'), ('alarm', 'Alarm')], max_length=8, verbose_name='level')),
                    ('members', models.IntegerField(verbose_name='members')),
                    ('left_90d', models.IntegerField(verbose_name='left in 90 days')),
                    ('forwarding', models.IntegerField(verbose_name='forwarding to a rival')),
                    ('expected_leavers', models.FloatField(verbose_name='expected leavers')),
                ],
                options={
                    'ordering': ['group', '-as_of'],
                    'constraints': [models.UniqueConstraint(fields=('group', 'as_of'), name='group_night_key')],
                },
            ), migrations.CreateModel(
                name='KpiValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('kpi', models.CharField(max_length=40)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.branch')),
                    ('numerator', models.DecimalField(decimal_places=4, max_digits=18)),
                    ('denominator', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['as_of', 'kpi'], name='kpi_by_date')],
                    'constraints': [models.UniqueConstraint(fields=('kpi', 'as_of', 'branch'), name='kpi_value_once')],
                },
            ), migrations.CreateModel(
                name='WatchNight',
                fields=[
                    ('as_of', models.DateField(primary_key=True, serialize=False)),
                    ('version', models.CharField(max_length=60)),
                    ('rows', models.IntegerField()),
                    ('sketch', models.JSONField()),
                ],
            ), migrations.CreateModel(
                name='WatchValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('version', models.CharField(max_length=60)),
                    ('measure', models.CharField(choices=[('psi', 'Drift against the reference'), ('drift', 'Drift beyond the calendar'), ('missing', 'Missing'), ('missing_rise', 'Missing, rise beyond the calendar'), ('score_psi', 'Score drift against the reference'), ('score_drift', 'Score drift beyond the calendar'), ('mean', 'Mean churn probability'), ('tier', 'Share of the tier'), ('age', 'Age of the model'), ('unscored', 'Nights since the last scores'), ('rows', 'Lines evaluated'), ('leavers', 'Leavers'), ('auc', 'AUC'), ('lift', 'Lift, top tenth'), ('said', 'Predicted, mean'), ('happened', 'Actual'), ('calibration', 'Calibration gap'), ('lift_lost', 'Lift drop')], max_length=16)),
                    ('subject', models.CharField(blank=True, max_length=80)),
                    ('value', models.FloatField()),
                ],
                options={
                    'indexes': [models.Index(fields=['as_of', 'measure'], name='watch_by_night')],
                    'constraints': [models.UniqueConstraint(fields=('measure', 'as_of', 'subject', 'version'), name='watch_value_once')],
                },
            ), migrations.CreateModel(
                name='WatchThreshold',
                fields=[
                    ('kind', models.CharField(choices=[('feature', 'Feature drift'), ('score', 'Score drift'), ('missing', 'Missing values'), ('calibration', 'Calibration'), ('lift', 'Lift drop'), ('old', 'Model too old'), ('unscored', 'Nightly run without scores')], max_length=12, primary_key=True, serialize=False, verbose_name='kind')),
                    ('opens_at', models.FloatField(verbose_name='opens at')),
                    ('closes_at', models.FloatField(verbose_name='closes below')),
                    ('calm', models.PositiveSmallIntegerField(default=1, verbose_name='figures in a row below, to close')),
                    ('floor', models.PositiveIntegerField(default=0, verbose_name='lines or leavers needed')),
                    ('serious', models.BooleanField(default=False, verbose_name='proposes to retrain')),
                ],
                options={
                    'verbose_name': 'Threshold of the model watch',
                    'verbose_name_plural': 'Thresholds of the model watch',
                    'constraints': [models.CheckConstraint(condition=models.Q(('opens_at__gt', 0), ('closes_at__gt', 0), ('closes_at__lte', models.F('opens_at'))), name='watch_threshold_opens_above_closing', violation_error_message='An alarm must open above the value at which it closes.'), models.CheckConstraint(condition=models.Q(('calm__gte', 1)), name='watch_threshold_calm')],
                },
            ), migrations.CreateModel(
                name='RetrainProposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('open', 'Waiting for a decision'), ('accepted', 'Accepted, training'), ('declined', 'Declined'), ('trained', 'Trained'), ('failed', 'Training failed')], default='open', max_length=10, verbose_name='state')),
                    ('as_of', models.DateField(verbose_name='night')),
                    ('version', models.CharField(max_length=60, verbose_name='version')),
                    ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('outcome', models.CharField(blank=True, max_length=300, verbose_name='outcome')),
                    ('alarms', models.ManyToManyField(related_name='+', through='analytics.ProposalReason', to='core.alert')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('state__in', ('open', 'accepted'))), name='retrain_proposal_one_under_way'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('decided_at', None), _negated=True), _connector='OR'), name='retrain_proposal_decided_when_closed')],
                },
            ), migrations.CreateModel(
                name='ProposalReason',
                fields=[
                    ('alert', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='proposal_reason', serialize=False, to='core.alert')),
                    ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='analytics.retrainproposal')),
                ],
            ), migrations.CreateModel(
                name='OutcomeCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('snapshot', models.DateField()),
                    ('meaning', models.CharField(choices=[('leaves', 'Leaves the operator'), ('falls', 'Moves to a lower plan or brand'), ('spends_less', 'Spend drops a tier')], max_length=12)),
                    ('line_type', models.CharField(choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20)),
                    ('cohort', models.CharField(choices=[('under_6', 'Up to 6 months'), ('6_to_12', '6 to 12 months'), ('over_12', 'Over 12 months')], max_length=10)),
                    ('fate', models.CharField(choices=[('stays', 'Stayed'), ('port_out', 'Ported out'), ('voluntary', 'Terminated by choice'), ('silent', 'Fell silent'), ('lower_brand', 'Moved to a lower brand'), ('lower_fee', 'Moved to a cheaper plan'), ('spend_fell', 'Spend fell a tier'), ('arrears', 'Terminated for arrears'), ('false_user', 'Terminated as a false user'), ('other_end', 'Terminated for another reason'), ('left', 'Left by choice in the meantime'), ('not_mature', 'The outcome is not known yet'), ('opted_out', 'Opted out of profiling'), ('listed_false', 'On the list of false users'), ('no_usage', 'Usage of the months is not there'), ('no_bills', 'Bills of the months are not there'), ('stopped', 'Stopped on that date'), ('silent_before', 'Already dormant'), ('promotion', 'Joined on a promotion less than three months before'), ('left_in_gap', 'Left inside the gap'), ('lowest_tier', 'In the lowest tier of spend already')], max_length=16)),
                    ('lines', models.IntegerField()),
                    ('definition', models.JSONField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('snapshot', 'meaning', 'line_type', 'cohort', 'fate'), name='outcome_count_once')],
                },
            ), migrations.CreateModel(
                name='FactorGain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('snapshot', models.DateField()),
                    ('cohort', models.CharField(blank=True, max_length=10)),
                    ('factor', models.CharField(max_length=80)),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('gain', models.FloatField()),
                    ('gain_ratio', models.FloatField()),
                    ('lines', models.IntegerField()),
                    ('leavers', models.IntegerField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('snapshot', 'cohort', 'factor'), name='factor_gain_once')],
                },
            ), migrations.CreateModel(
                name='RiskBand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('snapshot', models.DateField()),
                    ('cohort', models.CharField(blank=True, max_length=10)),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('factor', models.CharField(max_length=80)),
                    ('low', models.FloatField(null=True)),
                    ('high', models.FloatField(null=True)),
                    ('level', models.CharField(blank=True, max_length=80)),
                    ('is_blank', models.BooleanField(default=False)),
                    ('lines', models.IntegerField()),
                    ('leavers', models.IntegerField()),
                    ('rate', models.FloatField()),
                    ('rate_low', models.FloatField()),
                    ('rate_high', models.FloatField()),
                    ('lift', models.FloatField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('snapshot', 'cohort', 'factor'), name='risk_band_once')],
                },
            ), migrations.CreateModel(
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
            ), migrations.CreateModel(
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
            ), migrations.CreateModel(
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
                    ('accepted', models.PositiveIntegerField(null=True, verbose_name='of these took the offer')),
                    ('source', models.CharField(max_length=120, verbose_name='source')),
                    ('campaign', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='tests_of_treatment', to='campaigns.campaign')),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                    ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('source', 'kind', 'cohort', 'band'), name='experiment_once'), models.CheckConstraint(condition=models.Q(('control__gte', 1), ('control_left__lte', models.F('control')), ('treated__gte', 1), ('treated_left__lte', models.F('treated'))), name='experiment_counts')],
                },
            ), migrations.CreateModel(
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
            ), migrations.CreateModel(
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
            ), migrations.CreateModel(
                name='WarningEntry',
                fields=[
                    ('pk', models.CompositePrimaryKey('warning_list_id', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('warning_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='analytics.warninglist')),
                    ('place', models.PositiveIntegerField(verbose_name='place')),
                    ('subscriber', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.subscriber')),
                    ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch')),
                    ('line_type', models.CharField(choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, verbose_name='line type')),
                    ('cohort', models.CharField(choices=[('under_6', 'Up to 6 months'), ('6_to_12', '6 to 12 months'), ('over_12', 'Over 12 months')], max_length=10, verbose_name='tenure')),
                    ('tier', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=10, verbose_name='risk tier')),
                    ('decile', models.SmallIntegerField(verbose_name='tenth')),
                    ('probability', models.FloatField(verbose_name='churn probability')),
                    ('expected_gain', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='expected gain')),
                    ('monthly_spend', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='spend a month')),
                    ('reasons', models.JSONField(default=list)),
                ],
                options={
                    'indexes': [models.Index(fields=['warning_list', 'branch', 'place'], name='warning_entry_of_branch')],
                    'constraints': [models.UniqueConstraint(fields=('warning_list', 'subscriber'), name='warning_entry_once')],
                },
            ), migrations.CreateModel(
                name='ListResult',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warning_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='analytics.warninglist')),
                    ('branch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch')),
                    ('counted_on', models.DateField(verbose_name='counted on')),
                    ('lines', models.PositiveIntegerField(verbose_name='lines')),
                    ('expected', models.FloatField(verbose_name='announced')),
                    ('left', models.PositiveIntegerField(verbose_name='left')),
                    ('other_left', models.PositiveIntegerField(verbose_name='left otherwise')),
                    ('contacted', models.PositiveIntegerField(verbose_name='contacted')),
                    ('contacted_left', models.PositiveIntegerField(verbose_name='contacted and left')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('warning_list', 'branch'), name='list_result_once')],
                },
            ), migrations.CreateModel(
                name='ListDelivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('warning_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='analytics.warninglist')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
                    ('lines', models.PositiveIntegerField(verbose_name='lines')),
                    ('created_at', models.DateTimeField(verbose_name='sent')),
                    ('opened_at', models.DateTimeField(null=True, verbose_name='first opened')),
                    ('mail', models.CharField(choices=[('none', 'No e-mail'), ('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='none', max_length=8, verbose_name='e-mail')),
                    ('mail_tries', models.PositiveSmallIntegerField(default=0)),
                    ('mail_at', models.DateTimeField(null=True)),
                    ('mail_error', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('warning_list', 'user'), name='list_delivery_once')],
                },
            )],
        ),
        migrations.RunSQL(
            sql=FROZEN_LISTS,
            reverse_sql=NO_FROZEN_LISTS,
        ),
    ]
