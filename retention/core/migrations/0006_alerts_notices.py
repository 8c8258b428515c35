
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0005_list_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notice_preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mailed', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject', models.CharField(blank=True, max_length=80, verbose_name='about')),
                ('source', models.CharField(blank=True, max_length=60, verbose_name='source')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'Minor'), (2, 'Major'), (3, 'Critical')], default=1, verbose_name='severity')),
                ('value', models.FloatField(verbose_name='value')),
                ('peak', models.FloatField(verbose_name='worst value')),
                ('threshold', models.FloatField(verbose_name='threshold')),
                ('detail', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('calm_readings', models.PositiveIntegerField(default=0)),
                ('calm_since', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='acknowledged')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('snoozed_until', models.DateTimeField(null=True, verbose_name='snoozed until')),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snoozed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'indexes': [models.Index(fields=['-opened_at'], name='alert_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'subject'), name='alert_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('where', models.CharField(max_length=300)),
                ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'Normal'), (2, 'Important'), (3, 'Urgent')], default=1, verbose_name='urgency')),
                ('created_at', models.DateTimeField(verbose_name='at')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('mail_sent_at', models.DateTimeField(null=True, verbose_name='e-mailed')),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ('mail_error', models.CharField(blank=True, max_length=100)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notice_unread'), models.Index(fields=['person', '-created_at'], name='notice_listed'), models.Index(condition=models.Q(('mail_due_at', None), _negated=True), fields=['mail_due_at'], name='notice_to_mail'), models.Index(condition=models.Q(('read_at', None), _negated=True), fields=['read_at'], name='notice_purge')],
            },
        ),
    ]
