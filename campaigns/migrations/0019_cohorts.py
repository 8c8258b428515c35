import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from retention.core.db.partitioned_tables import PartitionedModel


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0018_contact_policy_hours'),
        ('core', '0013_labels'),
        ('customers', '0037_cohorts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('kept', 'In service'), ('moved', 'In service in another branch'), ('terminated', 'Terminated'), ('ported_out', 'Ported out'), ('number_reused', 'Number with another customer'), ('handed_over', 'Line taken over by another customer')], max_length=16)),
                ('members', models.PositiveIntegerField()),
                ('base_revenue', models.DecimalField(decimal_places=2, max_digits=14)),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('branch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch')),
                ('cohort', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='customers.cohort')),
                ('owner', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['cohort', 'month'], name='cohort_count_of_month')],
            },
        ),
        PartitionedModel(
            name='CohortMonth',
            partition_by='month',
            fields=[
                ('pk', models.CompositePrimaryKey('member_id', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('kept', 'In service'), ('moved', 'In service in another branch'), ('terminated', 'Terminated'), ('ported_out', 'Ported out'), ('number_reused', 'Number with another customer'), ('handed_over', 'Line taken over by another customer')], max_length=16, verbose_name='state')),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='revenue of the month')),
                ('cohort', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='customers.cohort')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='months', to='customers.cohortmember')),
                ('owner', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='cohortmonth',
            index=models.Index(fields=['cohort', 'month', 'state'], name='cohort_month_state'),
        ),
    ]
