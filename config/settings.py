"""Django settings: production's by nature; `config.environment` decides what differs from place to place."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from config import environment
from config.addresses import celery_broker
from config.environment import BASE_DIR

# Makes `ModelAdmin[Team]` and the like work at run time; the annotations are for mypy.
django_stubs_ext.monkeypatch()

ENV = environment.read()

DEBUG = ENV.debug
DEMO = ENV.demo
SECRET_KEY = ENV.secret_key
BASE_URL = ENV.base_url
# Until the desk calls itself something else (`common.identity`).
DESK_NAME = ENV.desk_name
VAR_DIR = ENV.var_dir
RUN_TOKEN = ENV.run_token
# Where processes die by chance; empty everywhere but in `make chaos`.
FAILPOINTS = ENV.failpoints
FAILPOINTS_SEED = ENV.failpoints_seed
ALLOWED_HOSTS = sorted({urlsplit(BASE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"})

INSTALLED_APPS = [
    "config",
    "api",
    "desk",
    "reports",
    "surveys",
    "escalation",
    "sla",
    "mailroom",
    "visits",
    "tickets",
    "knowledge",
    "chat",
    "notifications",
    "people",
    "calendars",
    "common",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Answers before anything that could wait for the database: a sick desk must still say that it is sick.
    "config.middleware.health",
    "config.middleware.refusals",
    "config.middleware.NulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "people.middleware.ReaderMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Last, so that it sees every failed sign-in.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "desk.templatetags.cotton_once",
                "desk.templatetags.desk_urls",
            ],
            "libraries": {"i18n": "desk.templatetags.desk_words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.house",
                "desk.context.rail",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "desk.forms.drawing.Renderer"

# --- Data -----------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # A transaction takes its write lock at once: an upgrade of a read lock could not wait, it would fail.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
}
ENGINES: dict[str, dict[str, Any]] = {
    "sqlite": {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    },
    "postgresql": {"ENGINE": "config.postgresql", "OPTIONS": {"connect_timeout": 5, "prepare_threshold": 0}},
}
# Seconds. A thread of the web process and a child of the worker keep their connection: SQLite reads the whole schema
# before its first answer, PostgreSQL starts a process, and forgets what was prepared (common/prepared.py). A connection
# to SQLite would outlive its file, so not for long.
LASTING = {"sqlite": 60, "postgresql": 600}
_ENGINE = ENGINES[ENV.database.vendor]
DATABASES = {
    "default": {
        **_ENGINE,
        **ENV.database.settings,
        "OPTIONS": {**_ENGINE["OPTIONS"], **ENV.database.settings.get("OPTIONS", {})},
        "CONN_MAX_AGE": LASTING[ENV.database.vendor],
        # One from before a restart of the server is dead.
        "CONN_HEALTH_CHECKS": True,
    }
}
# Nothing that a page needs lives in Redis: it may be stopped, frozen or flushed at any moment.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = VAR_DIR / ("demo-attachments" if DEMO else "attachments")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

STATIC_URL = "/static/"
STATIC_ROOT = ENV.static_root
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.GzippedStorage"},
}

# --- Tasks ----------------------------------------------------------------------------------------------------

BROKER_SOCKET = environment.broker_socket(VAR_DIR)
CELERY: dict[str, Any] = {
    **celery_broker(ENV.redis_url or f"unix://{BROKER_SOCKET}"),
    "broker_connection_retry_on_startup": True,
    # A frozen or replaced server is noticed; a message that was taken and not finished comes back after five minutes.
    "broker_transport_options": {
        "visibility_timeout": 300,
        "health_check_interval": 10,
        "socket_keepalive": True,
        "queue_order_strategy": "priority",
    },
    # In the order in which a worker looks: however much mail waits, the sweep is the next thing that is done.
    "task_queues": [Queue("escala.engine"), Queue("escala")],
    "task_routes": {"escalation.tasks.sweep": {"queue": "escala.engine"}},
    "task_default_queue": "escala",
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_concurrency": ENV.worker_concurrency,
    "worker_hijack_root_logger": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "beat_scheduler": "celery.beat:Scheduler",
    "enable_utc": True,
    "timezone": "UTC",
}

# --- Mail -----------------------------------------------------------------------------------------------------

# Django's own mail (password resets) goes through the outbox like any other.
EMAIL_BACKEND = "notifications.backend.OutboxBackend"
MAIL_DOMAIN = ENV.mail_domain
# How mail comes: the door's address, the largest mail it takes, what providers sign in with, the mailboxes' secrets.
MAIL_DOOR = ENV.mail_door
MAIL_SIZE_LIMIT = ENV.mail_size
ANYMAIL = dict(ENV.mail_providers)
MAILBOXES = ENV.mailboxes
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
# Whose word on a sender counts (the authserv-id of RFC 8601), and how many bytes of files go with one mail.
MAIL_AUTHSERV_IDS = ENV.mail_authserv_ids
MAIL_ATTACH_LIMIT = ENV.mail_attach_limit
# What the outbox sends with. A demo without a server counts mail as sent and shows it in the browser; any other
# desk without one keeps it waiting.
MAIL_SERVER = ENV.mail_server
_NO_SERVER = "django.core.mail.backends.dummy.EmailBackend" if DEMO else ""
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend" if MAIL_SERVER else _NO_SERVER
if MAIL_SERVER is not None:
    EMAIL_HOST = MAIL_SERVER.host
    EMAIL_PORT = MAIL_SERVER.port
    EMAIL_HOST_USER = MAIL_SERVER.username
    EMAIL_HOST_PASSWORD = MAIL_SERVER.password
    EMAIL_USE_TLS = MAIL_SERVER.starttls
    EMAIL_USE_SSL = MAIL_SERVER.ssl
EMAIL_TIMEOUT = 10
# How long one round of the outbox may go on before it stands in line again: a worker's every hand would else be at
# the mail while clocks run out.
DELIVERY_TURN = timedelta(seconds=1)
# How many mails a process sends at once, and how many a minute one domain is given ("*": each other one).
DELIVERY_LANES = ENV.delivery_lanes
MAIL_RATES = ENV.mail_rates
# Where webhooks may lead besides the public internet, and whether without TLS; whose messengers may be called.
WEBHOOK_NETWORKS = ENV.webhook_networks
WEBHOOK_HTTP = ENV.webhook_http
MESSENGER_HOSTS = ENV.messenger_hosts
METRICS_TOKEN = ENV.metrics_token

# --- Sign-in --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.PasswordBackend",
    "people.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "config.accounts.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
# The lock-out that counts is the one below, in the database; a demo has none, since its passwords are public.
ACCOUNT_RATE_LIMITS: Any = False if DEMO else {"login_failed": "30/m/ip"}
AXES_ENABLED = not DEMO
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = "config.second_step.counted_by"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "credential"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "config.accounts.attempted_email"
AXES_LOCKOUT_CALLABLE = "config.accounts.locked_out"
AXES_VERBOSE = False
SOCIALACCOUNT_ADAPTER = "config.oidc.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "config.second_step.Adapter"
MFA_FORMS = {"authenticate": "config.second_step.CodeForm", "reauthenticate": "config.second_step.ConfirmForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Addresses are given by administrators, not claimed by whoever signs up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers offer passkeys on https and on localhost alone; the second is for trying it out.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.https

# --- What a browser is told -----------------------------------------------------------------------------------

_HTTPS = ENV.https
SESSION_ENGINE = "people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if _HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# What a customer typed on a page that was open for too long is not lost.
CSRF_FAILURE_VIEW = "desk.portal.typed.page_was_old"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
# The neighbours of the desk's host are not ours to bind, and a preload list is for the domain's owner to ask for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# `{% load i18n %}` means our own on purpose (TEMPLATES).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "templates.W003"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- The API ---------------------------------------------------------------------------------------------------

# What a view of `api` does not say itself; the schema's own view takes this too.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", "UNAUTHENTICATED_USER": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Escala",
    "DESCRIPTION": "Tickets, promises and escalations. The same verbs as the pages, through the same services.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    # Enumerations stay where they are used; names made up for them would change with every new one.
    "POSTPROCESSING_HOOKS": [],
}
# Calls of one person per minute in one web process; 0: unlimited.
API_RATE = 0 if DEMO else 6000

# --- Words and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("pt-br", _("Portuguese (Brazil)")), ("es", _("Spanish")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logging --------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "filters": {"no_probes": {"()": "config.logs.NoProbes"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level.upper()},
    "loggers": {
        # Django's own handlers would mail the admins and print a second time.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"filters": ["no_probes"]},
        "axes": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "uvicorn": {"level": "WARNING" if ENV.log_level == "info" else ENV.log_level.upper()},
        # aiosmtpd's: at INFO it writes down each line that a stranger sends, with his address.
        "mail.log": {"level": "WARNING" if ENV.log_level == "info" else ENV.log_level.upper()},
    },
}

# --- The desk's pages -----------------------------------------------------------------------------------------

# How old the figures of the rail may be on a page that nothing has made ask for them anew.
RAIL_KEPT_FOR = timedelta(seconds=2)
# How long a process believes that the desk is still called and coloured as it was.
IDENTITY_KEPT_FOR = timedelta(seconds=3)
