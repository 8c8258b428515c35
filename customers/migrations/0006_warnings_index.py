from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_saved_mapping'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='riskscore',
            index=models.Index(condition=models.Q(('tier__in', ('medium', 'high', 'critical'))), fields=['as_of', '-probability', 'subscriber'], name='risk_warnings'),
        ),
    ]
