"""Settings of the registry.

Two modes, told apart by `DATABASE_URL` alone. Without it everything lives in `DATA_DIR` (SQLite, an embedded
Valkey, demo data) and nothing needs to be set. With it this is production: PostgreSQL, Redis, secrets
required, HTTPS only. `deploy/env.sample` describes every variable.
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from bootstrap_wrapper import get_bootstrap_dir
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg import IsolationLevel

from registry import logs
from registry.environment import (
    celery_broker_url,
    embedded_socket,
    is_production,
    kept_secret,
    require,
    socket_url,
)

env = environ.Env()

# Matrices of some fifty patients are multiplied faster by one thread, and a sum split among as many threads
# as a machine has differs in its last digit from machine to machine. Read when NumPy is loaded, later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BASE_DIR = Path(__file__).resolve().parent.parent
REGISTRY_VERSION = "0.1.0"

PRODUCTION = is_production(os.environ)
if PRODUCTION:
    require(os.environ)

# Where the embedded mode stores everything; production keeps only transient files in it. An empty variable is
# what `make` exports for one that was never set, hence `or`.
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").expanduser().resolve()

DEBUG = env.bool("DEBUG", default=False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured(
        "DEBUG shows patients' data in error pages: it cannot be on when DATABASE_URL is set."
    )

SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# HTTPS=off is for rehearsals on one machine only; it is the one way to relax a production start.
HTTPS = env.bool("HTTPS", default=PRODUCTION)

# --- Applications
# -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "registry.apps.RegistryConfig",
    "analytics.apps.AnalyticsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registry.middleware.RequestLogMiddleware",
    "registry.middleware.SecurityHeadersMiddleware",
    "registry.middleware.RefuseNulMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.middleware.SessionLimitsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "registry.views.errors.RefusalMiddleware",
]

ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- Storage
# ----------------------------------------------------------------------------------------------------

# `default` writes. `snapshot` is the same database read consistently: one transaction on it sees one state,
# and it can change nothing. `owner` exists where the tables belong to a role of their own; only migrations
# use it. No ATOMIC_REQUESTS: under IMMEDIATE every page view would take SQLite's only write lock.
if PRODUCTION:
    DATABASES = {"default": env.db_url("DATABASE_URL"), "snapshot": env.db_url("DATABASE_URL")}
    if os.environ.get("DATABASE_OWNER_URL"):
        DATABASES["owner"] = env.db_url("DATABASE_OWNER_URL")
    for _alias, _database in DATABASES.items():
        if _database["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                "DATABASE_URL and DATABASE_OWNER_URL must be PostgreSQL addresses (postgres://…)."
            )
        _database["CONN_MAX_AGE"] = 60
        _database["CONN_HEALTH_CHECKS"] = True
        _options = {
            "connect_timeout": 5,
            "options": "-c idle_in_transaction_session_timeout=60s -c lock_timeout=15s",
        }
        if _alias == "snapshot":
            _options["isolation_level"] = IsolationLevel.REPEATABLE_READ
            _options["options"] += " -c default_transaction_read_only=on"
        if _alias == "owner":
            # A migration that waits for a lock makes everybody behind it wait as well: give up early, try
            # again.
            _options["options"] = "-c lock_timeout=3s"
        _database["OPTIONS"] = {**_database.get("OPTIONS", {}), **_options}
else:
    _sqlite = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "registry.sqlite3",
        "CONN_MAX_AGE": 600,
    }
    # recursive_triggers: without it INSERT OR REPLACE deletes a row behind the audit triggers' back.
    _pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
    DATABASES = {
        "default": {
            **_sqlite,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _pragmas},
        },
        "snapshot": {
            **_sqlite,
            "OPTIONS": {
                "transaction_mode": "DEFERRED",
                "timeout": 20,
                "init_command": "PRAGMA query_only=ON;",
            },
        },
    }
DATABASES["snapshot"]["TEST"] = {"MIRROR": "default"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and rate limits live in the database: shared by all web workers, so that a limit of five tries
# means five and not five per process, and untouched when Redis is down. A web request never talks to Redis.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "registry_cache",
    },
}

# --- Celery: the broker carries only ticks; what is undone is read from the database
# ------------------------------

# In the embedded mode `manage.py serve` starts the broker that listens there.
REDIS_URL_GIVEN = bool(os.environ.get("REDIS_URL"))
REDIS_URL = env.str("REDIS_URL", default="") or socket_url(embedded_socket(DATA_DIR / "valkey"))

CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TRACK_STARTED = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the longest task, because a task that outlives it runs twice (which the leases survive). Nothing
    # waits for it: what a killed worker left undone is found again in the database by the next tick.
    "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", default=3600 if PRODUCTION else 60),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # Without these a stopped or unreachable server is waited for without end.
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
}
CELERY_TIMEZONE = "UTC"

# A tick that nobody took in five seconds is dropped: a busy worker finds one tick waiting, not a thousand.
# Five seconds and not one, because beat and worker may run on hosts whose clocks differ a little.
_tick = {"expires": 5, "ignore_result": True}
CELERY_BEAT_SCHEDULE = {
    "recompute": {"task": "analytics.tasks.recompute_if_behind", "schedule": 0.5, "options": _tick},
    "releases": {"task": "analytics.tasks.build_releases", "schedule": 1.0, "options": _tick},
    "derivations": {"task": "registry.tasks.rederive_outdated", "schedule": 5.0, "options": _tick},
    "imports": {"task": "registry.tasks.do_imports", "schedule": 1.0, "options": _tick},
    "forgetting": {"task": "registry.tasks.forget_imports", "schedule": 5.0, "options": _tick},
    "rules": {"task": "registry.tasks.preview_rules", "schedule": 2.0, "options": _tick},
}
# The ticks need no memory of their own, hence no state file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# --- People
# -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "registry.views.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "registry.forms.account.PasswordResetForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Accounts come by an administrator's invitation only, whose link already proves the address; there is no
# sign-up through which somebody could claim another's.
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Myeloma registry"
# allauth's own limits (30 logins per minute and address, 5 failures per account in 5 minutes …) stay as they
# are. The address is that of the last proxy we run ourselves: anything further left in X-Forwarded-For can be
# forged.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)

# --- Sessions, cookies, headers
# -------------------------------------------------------------------------------

SESSION_IDLE_SECONDS = 15 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "registry.views.errors.csrf_failure"
if HTTPS:
    # The prefix makes browsers refuse the cookie over plain HTTP, from a subdomain or for another path.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # Probes come from inside, without TLS and without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
    # Entering the browsers' preload list is the decision of whoever owns the domain, not ours.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
FILE_UPLOAD_HANDLERS = [
    "registry.views.upload_limit.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A case with all its repeating rows is posted as one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Mail
# -------------------------------------------------------------------------------------------------------

# Embedded: invitations and reset links are written to files, one per message, where whoever runs it can read
# them.
_email = env.email_url("EMAIL_URL") if os.environ.get("EMAIL_URL") else {}
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH") or str(DATA_DIR / "mail")
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "registry@localhost"

# --- Language, time, files
# ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Only languages with a catalog of their own: under another one Django's texts and numbers would be that
# language's in the middle of English pages.
LANGUAGES = [("en", _("English")), ("it", _("Italian"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "registry" / "locale"]
FORMAT_MODULE_PATH = ["registry.formats"]

# Instants are stored in UTC. The study's own zone decides what they look like and when "today" begins.
USE_TZ = True
REGISTRY_TODAY_TIME_ZONE = os.environ.get("TIME_ZONE") or "Europe/Rome"
TIME_ZONE = REGISTRY_TODAY_TIME_ZONE

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [("bootstrap", get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes half a minute: worth it where it is done once for many readers, not before a first
        # look.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"

# --- API --------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "EXCEPTION_HANDLER": "registry.api.problems.handle",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "registry.api.pages.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/minute"},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Myeloma registry",
    "VERSION": REGISTRY_VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v\d+",
    # Choices stay with their variable: as shared enums they would lose the name of the variable.
    "POSTPROCESSING_HOOKS": ["registry.api.schema.document_problems"],
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=12), "AUTO_REFRESH": False}

LOGGING_CONFIG = "registry.logs.configure"
LOGGING = logs.configuration(level=env.str("LOG_LEVEL", default="") or "INFO")
