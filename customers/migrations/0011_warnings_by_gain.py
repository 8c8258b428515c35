from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0010_line_history'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='subscriberprofile',
            index=models.Index(models.OrderBy(models.F('expected_gain'), descending=True, nulls_last=True), 'subscriber', condition=models.Q(('risk_tier__in', ('medium', 'high', 'critical'))), include=['branch', 'line_type', 'risk_tier', 'tenure_cohort', 'arpu', 'plan_fee', 'contract_ends_on'], name='profile_warned'),
        ),
    ]
