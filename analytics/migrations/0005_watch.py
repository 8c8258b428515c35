import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0004_outcomes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WatchNight',
            fields=[
                ('as_of', models.DateField(primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=60)),
                ('rows', models.IntegerField()),
                ('sketch', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='RetrainProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Waiting for a decision'), ('accepted', 'Accepted, training'), ('declined', 'Declined'), ('trained', 'Trained'), ('failed', 'Training failed')], default='open', max_length=10, verbose_name='state')),
                ('as_of', models.DateField(verbose_name='night')),
                ('version', models.CharField(max_length=60, verbose_name='version')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, max_length=300, verbose_name='outcome')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WatchAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('feature', 'Feature drift'), ('score', 'Score drift'), ('missing', 'Blanks'), ('calibration', 'Calibration'), ('lift', 'Lift lost'), ('old', 'Old model'), ('unscored', 'Night without scores')], max_length=12, verbose_name='kind')),
                ('subject', models.CharField(blank=True, max_length=80, verbose_name='about')),
                ('version', models.CharField(blank=True, max_length=60, verbose_name='version')),
                ('opened_on', models.DateField(verbose_name='opened')),
                ('judged_on', models.DateField()),
                ('value', models.FloatField()),
                ('peak', models.FloatField()),
                ('detail', models.JSONField(default=dict)),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='acknowledged')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('closed_on', models.DateField(null=True, verbose_name='closed')),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alarms', to='analytics.retrainproposal')),
            ],
        ),
        migrations.CreateModel(
            name='WatchThreshold',
            fields=[
                ('kind', models.CharField(choices=[('feature', 'Feature drift'), ('score', 'Score drift'), ('missing', 'Blanks'), ('calibration', 'Calibration'), ('lift', 'Lift lost'), ('old', 'Old model'), ('unscored', 'Night without scores')], max_length=12, primary_key=True, serialize=False, verbose_name='kind')),
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
        ),
        migrations.CreateModel(
            name='WatchValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('version', models.CharField(max_length=60)),
                ('measure', models.CharField(choices=[('psi', 'Drift against the reference'), ('drift', 'Drift beyond the calendar'), ('missing', 'Blank'), ('missing_rise', 'Blank, rise beyond the calendar'), ('score_psi', 'Score drift against the reference'), ('score_drift', 'Score drift beyond the calendar'), ('mean', 'Mean chance of leaving'), ('tier', 'Share of the tier'), ('age', 'Age of the model'), ('unscored', 'Nights since the last scores'), ('rows', 'Lines judged'), ('leavers', 'Leavers'), ('auc', 'AUC'), ('lift', 'Lift, top tenth'), ('said', 'Said, mean'), ('happened', 'Happened'), ('calibration', 'Calibration gap'), ('lift_lost', 'Lift lost')], max_length=16)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('value', models.FloatField()),
            ],
            options={
                'indexes': [models.Index(fields=['as_of', 'measure'], name='watch_by_night')],
                'constraints': [models.UniqueConstraint(fields=('measure', 'as_of', 'subject', 'version'), name='watch_value_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='retrainproposal',
            constraint=models.UniqueConstraint(models.Value(1), condition=models.Q(('state__in', ('open', 'accepted'))), name='retrain_proposal_one_under_way'),
        ),
        migrations.AddConstraint(
            model_name='retrainproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('decided_at', None), _negated=True), _connector='OR'), name='retrain_proposal_decided_when_closed'),
        ),
        migrations.AddIndex(
            model_name='watchalarm',
            index=models.Index(fields=['-opened_on'], name='watch_alarm_newest'),
        ),
        migrations.AddConstraint(
            model_name='watchalarm',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on', None)), fields=('kind', 'subject'), name='watch_alarm_one_open'),
        ),
    ]
