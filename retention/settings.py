"""One settings file. Everything an operator may change comes from the environment (docs/operations.md lists it)."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from retention import env
from retention.local.servers.addresses import addresses
from retention.logs import LOGGING  # noqa: F401  (Django reads it from here)
from retention.openapi import SPECTACULAR_SETTINGS  # noqa: F401  (drf-spectacular reads it from here)

BASE_DIR, VAR_DIR, TESTING = env.ROOT, env.var_dir(), env.TESTING
EMBEDDED = addresses(VAR_DIR)

DEBUG = env.flag("DEBUG", default=False)
# Local: the demo on this machine (make run, make test). Anything else must bring its own secrets.
LOCAL = env.flag("RETENTION_LOCAL", default=False)
PROGRAM = Path(sys.argv[0])
SERVING = (PROGRAM.parent if PROGRAM.name == "__main__.py" else PROGRAM).name in {"gunicorn", "celery"}
SECRET_KEY = env.text("SECRET_KEY")
if (SERVING or "runserver" in sys.argv[1:2]) and not (SECRET_KEY or LOCAL or DEBUG):
    raise ImproperlyConfigured("SECRET_KEY must be set (or RETENTION_LOCAL=1 for a demo on this machine)")
# Commands by hand, tests and the demo use a random one that stays on this machine.
SECRET_KEY = SECRET_KEY or EMBEDDED.secret_key
# What stored secrets are sealed with, newest first; without any, the secret key.
DATA_KEYS = env.words("DATA_KEYS")
# Hosts inside the operator's own network that webhooks may be sent to; all others must be public addresses.
WEBHOOK_HOSTS = env.words("WEBHOOK_HOSTS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_FAILURE_VIEW = "retention.core.ui.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# The top packages with code of this product.
OWN_PACKAGES = ("retention", "customers", "campaigns", "workorders", "analytics")
INSTALLED_APPS = [
    "retention.portal",
    "retention.local",
    "retention.simulator",
    "analytics",
    "workorders",
    "campaigns",
    "customers",
    "retention.core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_tables2",
    "drf_spectacular",
    "rest_framework",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "retention.core.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "retention.core.middleware.PackPages",
    "retention.core.middleware.DropNulCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "retention.core.accounts.middleware.IdleTimeout",
    "retention.core.middleware.SignInFirst",
    "retention.core.middleware.OwnPasswordFirst",
    "retention.core.middleware.RefuseNul",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "retention.core.middleware.PersonalPages",
    "retention.core.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "retention.urls"
WSGI_APPLICATION = "retention.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "retention.core.notices.context_processors.notices",
                "retention.portal.context_processors.shell",
            ],
        },
    }
]

# The operator's zone; sessions of the database are in it too, so that a date of an instant is the same in SQL.
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
USE_I18N = USE_TZ = True
DATABASE_URL = env.text("DATABASE_URL") or EMBEDDED.database_url
REDIS_URL = env.text("REDIS_URL") or EMBEDDED.redis_url
DATABASES = {"default": env.database(DATABASE_URL) | {"TIME_ZONE": TIME_ZONE}}
MIGRATION_LOCK_TIMEOUT = env.text("MIGRATION_LOCK_TIMEOUT", "5s")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# The first makes new hashes; one of the second is replaced at its owner's next sign-in.
PASSWORD_HASHERS = ["retention.core.accounts.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "portal:home", "login"
# A call-centre floor shares one address: lock the pair of person and address, never the address alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME, AXES_RESET_ON_SUCCESS = 5, 0.25, True
# Who goes on guessing while locked is not counted: the lock ends, and no table grows.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE, AXES_ENABLE_ADMIN = "core/accounts/locked.html", False
AXES_ENABLED = "pytest" not in sys.modules
AXES_CLIENT_IP_CALLABLE = "retention.core.accounts.services.sign_in.client_address"
AXES_HANDLER, AXES_ENABLE_ACCESS_FAILURE_LOG = "retention.core.accounts.services.sign_in.SignInGuard", True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# E-mail goes out once a host is named. PUBLIC_URL: what the links in it begin with.
EMAIL_HOST, EMAIL_PORT = env.text("EMAIL_HOST"), env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS, EMAIL_TIMEOUT = env.flag("EMAIL_TLS", default=True), 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "retention@localhost")
PUBLIC_URL = env.text("PUBLIC_URL")

USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["retention.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR_DIR / "static")
# In service names carry a digest.
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING or DEBUG
    else "retention.core.ui.static_files.StaticFiles"
    if LOCAL
    else "retention.core.ui.static_files.CompressedStaticFiles"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or VAR_DIR / "media")
FILE_UPLOAD_HANDLERS = [
    "customers.imports.services.storage.UploadSizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Browser security. HTTPS=0 only for the demo on this machine and for tests.
HTTPS = env.flag("HTTPS", default=not (LOCAL or DEBUG or TESTING))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
BEHIND_PROXY = env.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# A machine that was redirected has sent its key in the clear already: the API refuses instead.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^consumez$", r"^metrics$", r"^api/", r"^tmf-api/"]
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
        "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
    )
)  # fmt: skip
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

CACHE_URL = env.text("CACHE_URL") or EMBEDDED.cache_url(REDIS_URL)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Celery: messages are hints, truth is in Postgres. Reasons for each value: docs/decisions/ and the drills in tests.
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 3600, 3500
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A night or a large file may take many minutes: it must not stand in the way of what is due within one. A worker that
# is told no queue serves both.
LONG = "long"
CELERY_TASK_QUEUES: dict[str, dict] = {"celery": {}, LONG: {}}
CELERY_TASK_ROUTES = {
    "retention.tasks.ensure_nightly": {"queue": LONG},
    "retention.core.jobs.tasks.join_work": {"queue": LONG},
    "analytics.churn.tasks.hold_contest": {"queue": LONG},
    "analytics.churn.tasks.hold_contest_when_due": {"queue": LONG},
    "analytics.monitoring.tasks.retrain_accepted": {"queue": LONG},
    "customers.imports.tasks.run_import": {"queue": LONG},
    "retention.core.exports.tasks.write_export": {"queue": LONG},
}
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULER = "celery.beat:PersistentScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# From this hour (local time) on, the facts of yesterday are expected to be in and the night may run.
NIGHTLY_HOUR = env.number("NIGHTLY_HOUR", 1)
# With so many rows accepted and not yet loaded, further batches are told to come later (429).
BATCH_ROWS_WAITING = env.number("BATCH_ROWS_WAITING", 500_000)
# Which gateway a channel uses (campaigns/messages/gateways), and how many messages a second it may take.
MESSAGE_GATEWAYS = {
    "sms": env.text("SMS_GATEWAY", "file"),
    "email": env.text("EMAIL_GATEWAY", "file"),
    "app": env.text("APP_GATEWAY", "inbox"),
}
MESSAGE_RATES = {
    "sms": env.number("SMS_PER_SECOND", 300),
    "email": env.number("EMAIL_PER_SECOND", 20),
    "app": env.number("APP_PER_SECOND", 1000),
}
# After so many seconds a sender that has claimed messages and said no more counts as lost.
MESSAGE_LEASE = env.number("MESSAGE_LEASE", 120)
# After so many days a message loses its text and address; after so many its row goes.
MESSAGE_TEXT_DAYS = env.number("MESSAGE_TEXT_DAYS", 180)
MESSAGE_DAYS = env.number("MESSAGE_DAYS", 730)
# Numbers of staff, to which test messages may go; e-mail tests go to the person's own address. Lines of staff (their
# subscriber_no), in whose app tests are shown.
MESSAGE_TEST_NUMBERS = env.words("MESSAGE_TEST_NUMBERS")
MESSAGE_TEST_LINES = env.words("MESSAGE_TEST_LINES")
# The telephone switch that places the agents' calls (workorders/telephony/switches); for so many seconds it rings.
TELEPHONE = env.text("TELEPHONE", "simulated" if LOCAL else "link")
CALL_TIMEOUT = env.number("CALL_TIMEOUT", 30)
# Where the operator's recordings are opened, "{recording}" standing for the switch's reference; none: no links.
CALL_RECORDING_URL = env.text("CALL_RECORDING_URL")
# Whether the wallboard also names the agents who retained the most.
WALL_AGENT_NAMES = env.flag("WALL_AGENT_NAMES")
# So long billing may be asked to wait with a termination while its retention order is worked; never longer.
TERMINATION_HOLD_HOURS = env.number("TERMINATION_HOLD_HOURS", 72)

REST_FRAMEWORK = {
    # What @extend_schema on a method extends.
    "DEFAULT_SCHEMA_CLASS": "retention.core.api.schema.ApiSchema",
    "DEFAULT_PERMISSION_CLASSES": ["retention.core.accounts.permissions.ClosedByDefault"],
    "EXCEPTION_HANDLER": "retention.core.errors.api_exception_handler",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
DJANGO_TABLES2_TEMPLATE = "components/table.html"
PROMETHEUS_METRICS_EXPORT_PORT = None
PROMETHEUS_EXPORT_MIGRATIONS = False
