"""Every setting, in one file; each environment variable is read once, here (table in docs/deploy.md)."""

import re
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# `dev.py` writes var/env (demo mode, a fresh secret key). The environment always wins over it, and a
# production host never has the file.
VAR_DIR = Path(env("HSB_VAR_DIR", default=str(BASE_DIR / "var")))
if (VAR_DIR / "env").exists():
    env.read_env(VAR_DIR / "env", overwrite=False)

MODE = env("HSB_MODE", default="production")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured("HSB_MODE must be demo, test or production.")
PRODUCTION = MODE == "production"
DEBUG = False

SECRET_KEY = env("SECRET_KEY", default="" if PRODUCTION else "demo-and-test-only-" + "k" * 40)
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: production does not start without one.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the service's host names, separated by commas.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO_PASSWORD = env("DEMO_PASSWORD", default="quiet-harbour-lantern")

# The borough's own words: settings, never identifiers (docs/house.md).
SERVICE_NAME = env("SERVICE_NAME", default="HSB casework")
BOROUGH_NAME = env("BOROUGH_NAME", default="Exampleborough" if not PRODUCTION else "the borough")
HANDLING_MARKING = env("HANDLING_MARKING", default="OFFICIAL-SENSITIVE")
DUTY_DESK = env("DUTY_DESK", default="the front door duty desk")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "simple_history",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "hsb.people",
    "hsb.core",
    "referrals",
    "strategy_meetings",
    "panels",
    "hsb.overview",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hsb.core.middleware.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hsb.people.sessions.WhoAsks",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hsb.core.middleware.NeverCached",
    "hsb.core.middleware.RealAddresses",
    "hsb.core.middleware.SessionClock",
    "hsb.core.middleware.UrlRules",
    "hsb.core.middleware.RefusalPages",
    "hsb.overview.frame.HeaderAskedBeside",
]

ROOT_URLCONF = "hsb.urls"
URL_RULES = "hsb.url_rules.RULES"
WSGI_APPLICATION = "hsb.wsgi.application"
ASGI_APPLICATION = "hsb.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "hsb.overview.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# --- Data: SQLite embedded by default, PostgreSQL when DATABASE_URL says so -------------------------
SQLITE_OPTIONS = {
    # 8 writers at once: no "database is locked" with these, more than half refused without (docs/decisions/0003).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # recursive_triggers: without it INSERT OR REPLACE would go past the triggers that make the journal append-only.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    ),
}
DATABASE_URL = env("DATABASE_URL", default="")
# Migrations may run as the tables' owner while the service runs as a role that can only add to the journal.
MIGRATE_DATABASE_URL = env("MIGRATE_DATABASE_URL", default="")
MIGRATING = env.bool("HSB_MIGRATING", default=False)
if PRODUCTION and not DATABASE_URL:
    raise ImproperlyConfigured("Set DATABASE_URL: production runs on PostgreSQL.")
DATABASES = {
    "default": env.db_url_config(
        (MIGRATING and MIGRATE_DATABASE_URL) or DATABASE_URL or f"sqlite:///{VAR_DIR / 'hsb.sqlite3'}"
    )
}
APP_ROLE = env.db_url_config(DATABASE_URL).get("USER", "") if DATABASE_URL else ""
EMBEDDED = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if EMBEDDED:
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
    # A file, not memory: threads and processes share it with the same options as the product.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# How many statements a connection keeps planned (hsb/core/prepared.py), and that the plan fits whatever is given later.
# 0 behind a pooler that gives each transaction another connection.
PREPARED_STATEMENTS = 0 if EMBEDDED else env.int("PREPARED_STATEMENTS", default=400)
if PREPARED_STATEMENTS:
    # libpq reads PGOPTIONS only where a connection brings no options of its own.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    said = options.get("options") or env("PGOPTIONS", default="")
    options["options"] = f"{said} -c plan_cache_mode=force_generic_plan".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# --- Sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["hsb.people.backends.SignedIn"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hsb.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Said once, to whom it was meant for: a cookie would outlive signing out.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# People share an office address: the limit that matters is the one on the account.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,10/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SERVICE_NAME
# Accounts are made by the administrator: nobody has a "verified" address, and a second factor must not wait for one.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "hsb.people.adapter.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
# The e-mail address is unique whatever its case, by a constraint on Lower(email), which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

SESSION_ENGINE = "hsb.people.sessions"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_ABSOLUTE_HOURS = env.int("SESSION_ABSOLUTE_HOURS", default=10)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hsb.core.views.csrf_failure"

# --- The browser's fences -----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Demo and test are served on plain http at this machine's own address.
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Files that people bring (docs/decisions/0026) ---------------------------------------------------------
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", default=20)
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # no page asks for more at once
FILE_UPLOAD_HANDLERS = [
    "hsb.core.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The virus scanner: tcp://host:port, or unix:/path. Empty: nothing is scanned, and each file says so.
CLAMD_URL = env("CLAMD_URL", default="")
if CLAMD_URL and not re.fullmatch(r"tcp://[^/:]+:\d+|unix:/.+", CLAMD_URL):
    raise ImproperlyConfigured("CLAMD_URL must be tcp://host:port or unix:/path.")

# --- Words, time, static ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = ["hsb.core.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
VENDOR_DIR = BASE_DIR / "build" / "vendor"
STATICFILES_DIRS = [BASE_DIR / "static", VENDOR_DIR]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Documents about children: read by nobody else on the machine.
        "OPTIONS": {
            "location": env("HSB_FILES_DIR", default=str(VAR_DIR / "files")),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "hsb.core.static_files.Collected"
        if MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_AUTOREFRESH = False

# --- Queue --------------------------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="")
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("Set REDIS_URL: production runs its queue on Redis.")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
else:
    QUEUE_DIR = VAR_DIR / "queue"
    for folder in ("messages", "processed", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT = "hsb.core.local_queue:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", default=15.0)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=60.0)
CELERY_BEAT_SCHEDULE = {
    "ask-at-18": {"task": "referrals.tasks.ask_at_18", "schedule": SWEEP_SECONDS},
    "beat-heartbeat": {"task": "hsb.core.tasks.heartbeat", "schedule": HEARTBEAT_SECONDS},
    "compile-agendas": {"task": "panels.tasks.compile_due_agendas", "schedule": SWEEP_SECONDS},
    "reassign-caseloads": {"task": "referrals.tasks.reassign_caseloads", "schedule": SWEEP_SECONDS},
    "sweep": {"task": "hsb.core.tasks.sweep", "schedule": SWEEP_SECONDS},
    "clear-leftovers": {"task": "hsb.core.tasks.clear_leftovers", "schedule": 3600.0},
}

# --- Mail, logs, anchors ---------------------------------------------------------------------------------------
# One slash more than it looks: the path is what follows the first, and an absolute one begins with its own.
vars().update(env.email("EMAIL_URL", default=f"filemail:///{VAR_DIR.resolve() / 'mail'}"))
# Where the links in messages lead.
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="hsb-casework@example.org")
ANCHOR_DIR = Path(env("HSB_ANCHOR_DIR", default=str(VAR_DIR / "anchors")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hsb.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's request logger keeps the request (its query and its form) in the record: ours never prints it.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
