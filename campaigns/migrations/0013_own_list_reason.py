from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0012_cohorts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='scenariohit',
            name='reason',
            field=models.CharField(blank=True, choices=[('restored', 'Opt-outs are not applied after the restore'), ('blacklisted', 'On the blacklist'), ('false_user', 'False user'), ('do_not_disturb', 'Do not disturb'), ('own_list', 'On a list that blocks contact'), ('consent_refused', 'Consent refused'), ('consent_missing', 'No consent given'), ('already_reserved', 'Another contact is planned'), ('attempts_spent', 'Call attempts used up'), ('connected_lately', 'Spoken to recently'), ('messages_spent', 'Message cap reached'), ('quiet_hours', 'Quiet hours'), ('order_open', 'Another order is open')], max_length=24, verbose_name='refused because'),
        ),
    ]
