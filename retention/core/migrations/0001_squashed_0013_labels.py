import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models
from retention.core.db.squashed_tables import CreateModels

APPEND_ONLY = """
CREATE FUNCTION core_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('retention.audit_purge', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_audit_no_change BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_audit_append_only();
CREATE TRIGGER core_audit_no_truncate BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER core_audit_no_truncate ON core_auditentry;
DROP TRIGGER core_audit_no_change ON core_auditentry;
DROP FUNCTION core_audit_append_only();
"""
KNOW_SERVER = """
INSERT INTO core_knowncluster (id, identity, known_since)
SELECT 1, system_identifier || ':' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), now() FROM pg_control_system()
"""


class Migration(migrations.Migration):

    replaces = [('core', '0001_initial'), ('core', '0002_api_clients'), ('core', '0003_webhooks'), ('core', '0004_verbose_names'), ('core', '0005_list_exports'), ('core', '0006_alerts_notices'), ('core', '0007_chunks'), ('core', '0008_audit_append_only'), ('core', '0009_signature_v2'), ('core', '0010_known_cluster'), ('core', '0011_presence'), ('core', '0012_own_password_first'), ('core', '0013_labels')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateModels(
            [migrations.CreateModel(
                name='Branch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=32, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='core.branch')),
                    ('level', models.CharField(choices=[('province', 'Province'), ('city', 'City'), ('district', 'District'), ('outlet', 'Outlet')], max_length=16, verbose_name='level')),
                    ('path', models.CharField(db_index=True, editable=False, max_length=400)),
                    ('source_version', models.BigIntegerField(blank=True, editable=False, null=True)),
                ],
                options={
                    'verbose_name': 'branch',
                    'verbose_name_plural': 'branches',
                    'ordering': ['path'],
                    'indexes': [models.Index(fields=['path'], name='branch_path_prefix', opclasses=['varchar_pattern_ops'])],
                },
            ), migrations.CreateModel(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                    ('code', models.CharField(max_length=32, unique=True, verbose_name='code')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='core.branch')),
                ],
                options={
                    'verbose_name': 'retention group',
                    'verbose_name_plural': 'retention groups',
                    'ordering': ['code'],
                },
            ), migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                    ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('role', models.CharField(choices=[('manager', 'Retention manager'), ('supervisor', 'Supervisor'), ('agent', 'Agent'), ('analyst', 'Analyst'), ('administrator', 'Administrator')], default='agent', max_length=16, verbose_name='role')),
                    ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='core.branch')),
                    ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                    ('theme', models.CharField(choices=[('system', 'As my device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=8, verbose_name='theme')),
                    ('shortcuts', models.BooleanField(default=True, verbose_name='keyboard shortcuts')),
                    ('must_change_password', models.BooleanField(default=False, editable=False, verbose_name='must choose a new password')),
                    ('last_used_at', models.DateTimeField(editable=False, null=True)),
                    ('signed_out_at', models.DateTimeField(editable=False, null=True)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ('teams', models.ManyToManyField(blank=True, related_name='members', to='core.team', verbose_name='retention groups')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['manager', 'supervisor', 'agent', 'analyst', 'administrator'])), name='user_role_known')],
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ), migrations.CreateModel(
                name='ApiClient',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                    ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                    ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
                    ('require_signature', models.BooleanField(default=False, verbose_name='requests must be signed')),
                    ('accept_signature_v1', models.BooleanField(default=False, verbose_name='the older signature is accepted too')),
                    ('allowed_networks', models.JSONField(blank=True, default=list, verbose_name='allowed addresses')),
                    ('rate_per_second', models.PositiveIntegerField(default=100, verbose_name='requests a second')),
                    ('burst', models.PositiveIntegerField(default=200, verbose_name='at once')),
                    ('tokens', models.FloatField(default=0, editable=False)),
                    ('refilled_at', models.DateTimeField(editable=False, null=True)),
                    ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
                    ('created_at', models.DateTimeField(editable=False, verbose_name='created')),
                    ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                    ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked')),
                ],
                options={
                    'verbose_name': 'API client',
                    'ordering': ['name'],
                },
            ), migrations.CreateModel(
                name='ApiKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='core.apiclient')),
                    ('prefix', models.CharField(max_length=12, unique=True, verbose_name='begins with')),
                    ('digest', models.CharField(max_length=64)),
                    ('sealed_secret', models.TextField()),
                    ('created_at', models.DateTimeField(verbose_name='created')),
                    ('expires_at', models.DateTimeField(null=True, verbose_name='expires')),
                ],
                options={
                    'verbose_name': 'API key',
                    'ordering': ['-created_at', '-pk'],
                },
            ), migrations.CreateModel(
                name='SignedRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.apiclient')),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('idempotency_key', models.CharField(blank=True, max_length=255)),
                    ('at', models.DateTimeField(db_index=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('client', 'fingerprint'), name='signed_request_once')],
                },
            ), migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                    ('actor', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('actor_name', models.CharField(max_length=150, verbose_name='who')),
                    ('action', models.CharField(max_length=60, verbose_name='action')),
                    ('target', models.CharField(blank=True, max_length=120, verbose_name='target')),
                    ('detail', models.JSONField(default=dict, verbose_name='detail')),
                ],
                options={
                    'verbose_name': 'audit entry',
                    'verbose_name_plural': 'audit trail',
                    'ordering': ['-at', '-pk'],
                    'indexes': [models.Index(fields=['target', '-at'], name='audit_target')],
                },
            ), migrations.CreateModel(
                name='KnownCluster',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                    ('identity', models.CharField(max_length=40)),
                    ('known_since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='known_cluster_single')],
                },
            ), migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40, verbose_name='kind')),
                    ('business_date', models.DateField(verbose_name='business date')),
                    ('key', models.CharField(blank=True, max_length=200, verbose_name='key')),
                    ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('gaps', 'Done with gaps'), ('held', 'Held'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10, verbose_name='state')),
                    ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField(verbose_name='created')),
                    ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                    ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                    ('heartbeat_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                    ('counts', models.JSONField(default=dict, verbose_name='counts')),
                    ('error', models.TextField(blank=True, verbose_name='error')),
                ],
                options={
                    'indexes': [models.Index(fields=['-created_at'], name='job_newest')],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'business_date', 'key'), name='job_once')],
                },
            ), migrations.CreateModel(
                name='JobStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='core.job')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=60)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('rows', models.BigIntegerField(default=0)),
                    ('counts', models.JSONField(default=dict)),
                    ('error', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('job', 'name'), name='job_step_once')],
                },
            ), migrations.CreateModel(
                name='ChunkedRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('as_of', models.DateField()),
                    ('key', models.CharField(blank=True, max_length=200)),
                    ('shared', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['kind', 'as_of', '-finished_at'], name='chunked_run_newest')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('kind', 'as_of', 'key'), name='chunked_run_open_once')],
                },
            ), migrations.CreateModel(
                name='Chunk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='core.chunkedrun')),
                    ('round', models.PositiveSmallIntegerField(default=0)),
                    ('low', models.BigIntegerField()),
                    ('high', models.BigIntegerField()),
                    ('done_at', models.DateTimeField(null=True)),
                    ('rows', models.IntegerField(default=0)),
                    ('result', models.JSONField(default=dict)),
                ],
                options={
                    'ordering': ['round', 'low'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'round', 'low'), name='chunk_once')],
                },
            ), migrations.CreateModel(
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
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('acknowledged_at', models.DateTimeField(null=True, verbose_name='acknowledged')),
                    ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('snoozed_until', models.DateTimeField(null=True, verbose_name='snoozed until')),
                    ('snoozed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'alert',
                    'verbose_name_plural': 'alerts',
                    'indexes': [models.Index(fields=['-opened_at'], name='alert_newest')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'subject'), name='alert_one_open')],
                },
            ), migrations.CreateModel(
                name='ListExport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('list', models.CharField(max_length=60)),
                    ('arguments', models.JSONField(default=dict)),
                    ('query', models.TextField(blank=True)),
                    ('kind', models.CharField(max_length=4)),
                    ('language', models.CharField(max_length=10)),
                    ('as_of', models.DateTimeField()),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.job')),
                    ('folder', models.CharField(max_length=40, unique=True)),
                    ('file', models.CharField(blank=True, max_length=200)),
                    ('scope', models.TextField(blank=True)),
                    ('rows', models.BigIntegerField(null=True, verbose_name='rows')),
                    ('dropped_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['as_of'], name='list_export_age')],
                },
            ), migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
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
                ],
                options={
                    'verbose_name': 'notice',
                    'verbose_name_plural': 'notices',
                    'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notice_unread'), models.Index(fields=['person', '-created_at'], name='notice_listed'), models.Index(condition=models.Q(('mail_due_at', None), _negated=True), fields=['mail_due_at'], name='notice_to_mail'), models.Index(condition=models.Q(('read_at', None), _negated=True), fields=['read_at'], name='notice_purge')],
                },
            ), migrations.CreateModel(
                name='NoticePreference',
                fields=[
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notice_preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('mailed', models.JSONField(default=list)),
                ],
            ), migrations.CreateModel(
                name='Webhook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='core.apiclient', verbose_name='client')),
                    ('url', models.CharField(max_length=500, verbose_name='address')),
                    ('events', models.JSONField(default=list, verbose_name='events')),
                    ('sealed_secret', models.TextField()),
                    ('previous_sealed_secret', models.TextField(blank=True)),
                    ('previous_until', models.DateTimeField(null=True)),
                    ('active', models.BooleanField(default=True, verbose_name='active')),
                    ('created_at', models.DateTimeField(verbose_name='created')),
                    ('last_success_at', models.DateTimeField(null=True, verbose_name='last success')),
                    ('last_failure_at', models.DateTimeField(null=True, verbose_name='last failure')),
                    ('last_error', models.CharField(blank=True, max_length=300, verbose_name='last error')),
                    ('failing_since', models.DateTimeField(null=True, verbose_name='failing since')),
                    ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
                    ('retry_at', models.DateTimeField(null=True, verbose_name='next probe')),
                ],
                options={
                    'verbose_name': 'webhook',
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='OutboxEvent',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=40, verbose_name='event')),
                    ('subject', models.CharField(max_length=64, verbose_name='subscriber')),
                    ('payload', models.JSONField()),
                    ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.branch')),
                    ('created_at', models.DateTimeField(db_index=True, verbose_name='at')),
                ],
                options={
                    'verbose_name': 'event',
                },
            ), migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='core.webhook')),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='core.outboxevent')),
                    ('subject', models.CharField(max_length=64, verbose_name='subscriber')),
                    ('state', models.CharField(choices=[('pending', 'Waiting'), ('delivered', 'Delivered'), ('parked', 'Parked'), ('discarded', 'Discarded')], default='pending', max_length=10, verbose_name='state')),
                    ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                    ('refusals', models.PositiveIntegerField(default=0)),
                    ('next_attempt_at', models.DateTimeField(verbose_name='next attempt')),
                    ('give_up_at', models.DateTimeField(verbose_name='given up')),
                    ('last_status', models.PositiveSmallIntegerField(null=True, verbose_name='last answer')),
                    ('last_error', models.CharField(blank=True, max_length=300, verbose_name='last error')),
                    ('delivered_at', models.DateTimeField(null=True, verbose_name='delivered')),
                ],
                options={
                    'verbose_name': 'delivery',
                    'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['webhook', 'id'], name='delivery_waiting'), models.Index(condition=models.Q(('state__in', ['pending', 'parked'])), fields=['webhook', 'subject', 'id'], name='delivery_order'), models.Index(condition=models.Q(('state', 'pending')), fields=['give_up_at'], name='delivery_expiry'), models.Index(fields=['webhook', 'state', '-id'], name='delivery_listed')],
                    'constraints': [models.UniqueConstraint(fields=('webhook', 'event'), name='delivery_once'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'delivered', 'parked', 'discarded'])), name='delivery_state_known')],
                },
            )],
        ),
        migrations.RunSQL(
            sql=APPEND_ONLY,
            reverse_sql=NOT_APPEND_ONLY,
        ),
        migrations.RunSQL(
            sql=KNOW_SERVER,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
