import django.db.models.deletion
from django.db import migrations, models

from retention.core.db.partitioned_tables import PartitionedModel


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0009_offer_one_off'),
        ('core', '0010_known_cluster'),
        ('customers', '0029_segments'),
    ]

    operations = [
        migrations.CreateModel(
            name='SegmentNight',
            fields=[
                ('as_of', models.DateField(primary_key=True, serialize=False, verbose_name='as of')),
                ('definition', models.CharField(max_length=40)),
                ('lines', models.PositiveIntegerField(verbose_name='lines')),
                ('unplaced', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Segmentation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('code', models.SlugField(max_length=24, unique=True, verbose_name='code')),
                ('enabled', models.BooleanField(default=False, verbose_name='enabled')),
                ('built_in', models.BooleanField(default=False, editable=False, verbose_name='built in')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('note_zh', models.CharField(blank=True, max_length=300, verbose_name='note (Chinese)')),
                ('line_type', models.CharField(choices=[('mobile', 'Mobile'), ('broadband', 'Broadband'), ('fixed', 'Fixed line'), ('iptv', 'IPTV'), ('wireless_landline', 'Wireless landline')], max_length=20, verbose_name='line type')),
                ('dimensions', models.JSONField(default=list, verbose_name='dimensions')),
                ('exclusions', models.JSONField(blank=True, default=list, verbose_name='left out before')),
                ('actions', models.JSONField(blank=True, default=dict, verbose_name='actions')),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
            ],
            options={
                'verbose_name': 'segmentation',
                'verbose_name_plural': 'segmentations',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SegmentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('layer', models.CharField(max_length=10)),
                ('cell', models.CharField(max_length=60)),
                ('lines', models.PositiveIntegerField()),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=12)),
                ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='segment_counts', to='core.branch')),
                ('segmentation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='campaigns.segmentation')),
            ],
        ),
        migrations.CreateModel(
            name='SegmentFlow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('layer', models.CharField(max_length=10)),
                ('before', models.CharField(blank=True, max_length=60)),
                ('after', models.CharField(blank=True, max_length=60)),
                ('lines', models.PositiveIntegerField()),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=12)),
                ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='segment_flows', to='core.branch')),
                ('segmentation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flows', to='campaigns.segmentation')),
            ],
        ),
        PartitionedModel(
            name='SegmentMonth',
            partition_by='month',
            fields=[
                ('pk', models.CompositePrimaryKey('subscriber_id', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('segment', models.CharField(max_length=60)),
                ('segment_need', models.CharField(max_length=60, null=True)),
                ('spend', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='segment_months', to='core.branch')),
                ('subscriber', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='segment_months', to='customers.subscriber')),
            ],
        ),
        migrations.AddConstraint(
            model_name='segmentation',
            constraint=models.UniqueConstraint(condition=models.Q(('enabled', True)), fields=('line_type', 'branch'), name='segmentation_one_in_use', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='segmentcount',
            index=models.Index(fields=['segmentation', 'as_of', 'layer'], name='segment_count_of_day'),
        ),
        migrations.AddIndex(
            model_name='segmentflow',
            index=models.Index(fields=['segmentation', 'month', 'layer'], name='segment_flow_of_month'),
        ),
    ]
