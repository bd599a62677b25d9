"""All settings, read once from the environment (and `.env`); `docs/settings.md` lists them."""

import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import dj_database_url
from csp.constants import SELF
from environs import Env, validate
from environs.exceptions import EnvValidationError
from pythonjsonlogger.core import RESERVED_ATTRS

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


@env.parser_for("size")
def _size(value: str) -> int:
    """Bytes from `52428800`, `50MB` or `1 GB`."""
    match = re.fullmatch(r"(\d+)\s*(?:([KMG]?)B)?", value.strip().upper())
    if not match or int(match[1]) == 0:
        raise EnvValidationError("write bytes, or a size such as 50MB", ["not a size"])
    return int(match[1]) * {None: 1, "": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[match[2]]


@env.parser_for("hours")
def _hours(value: str) -> int:
    """So many hours; 0 from nothing."""
    if not value.strip():
        return 0
    if not value.strip().isdecimal():
        raise EnvValidationError("write a number of hours, or nothing", ["no hours"])
    return int(value)


@env.parser_for("object_store")
def _object_store(value: str) -> dict[str, str]:
    """What `s3://bucket/prefix?endpoint=https://…&region=…` says; nothing from nothing."""
    if not value:
        return {}
    address = urlsplit(value)
    options = dict(parse_qsl(address.query, keep_blank_values=True))
    unknown = options.keys() - {"endpoint", "region", "addressing"}
    if address.scheme != "s3" or not address.netloc or unknown:
        message = "write s3://bucket/prefix?endpoint=https://…&region=…"
        raise EnvValidationError(message, [message])
    return {"bucket": address.netloc, "prefix": address.path.strip("/")} | options


@env.parser_for("web_address")
def _web_address(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise EnvValidationError("write an address such as https://host/v1", ["no address"])
    return value.strip().rstrip("/")


@env.parser_for("web_address_or_none")
def _web_address_or_none(value: str) -> str:
    return _web_address(value) if value.strip() else ""


@env.parser_for("secret")
def _secret(value: str) -> str:
    if not value.strip().isascii() or not value.strip().isprintable():
        raise EnvValidationError(
            "contains characters that are not allowed in an API key", ["no key"]
        )
    return value.strip()


def _at_least(minimum: int) -> validate.Range:
    return validate.Range(min=minimum)


def _usable_cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


# --- where things live -------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
with suppress(OSError):  # SQLite and Django's own checks want them; our check tells if it failed
    FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
KEPT_SECRET_KEY = DATA_DIR / "secret_key"  # made by `manage.py up` when the environment has none

# Keys are found by the library itself: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and their like.
OBJECT_STORE = env.object_store("STORAGE_URL", "")


def _secret_key() -> str:
    given: str = env.str("SECRET_KEY", "")
    if not given and KEPT_SECRET_KEY.is_file():
        given = KEPT_SECRET_KEY.read_text().strip()
    return given


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _secret_key()
SECRET_KEY_IS_SET = bool(SECRET_KEY)
# A placeholder keeps commands that sign nothing working (convert, help); the system check
# tablexl.E001 refuses to serve with it.
SECRET_KEY = SECRET_KEY or "insecure-placeholder"

# --- who may call --------------------------------------------------------------------------------

HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000, validate=validate.Range(min=1, max=65535))
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_IS_ON_RAILWAY = bool(env.str("RAILWAY_ENVIRONMENT_NAME", ""))
_RAILWAY_HOSTS = [env.str("RAILWAY_PUBLIC_DOMAIN", ""), "healthcheck.railway.app"]
_HOSTS = [*env.list("ALLOWED_HOSTS", []), *(_RAILWAY_HOSTS if _IS_ON_RAILWAY else [])]
ALLOWED_HOSTS = [*filter(None, map(str.strip, _HOSTS)), *_LOCAL_HOSTS]
# Where the app is reached from outside. Without it, links that are sent go by the call that asked.
_RAILWAY_URL = f"https://{_RAILWAY_HOSTS[0]}" if _IS_ON_RAILWAY and _RAILWAY_HOSTS[0] else ""
PUBLIC_URL = env.web_address_or_none("PUBLIC_URL", "") or _RAILWAY_URL
# Behind a proxy that ends TLS the browser's Origin is https although the request arrives as http.
CSRF_TRUSTED_ORIGINS = [
    f"https://*{host}" if host.startswith(".") else f"https://{host}"
    for host in ALLOWED_HOSTS
    if host not in (*_LOCAL_HOSTS, "*")
]
# Pages of these sites may call the API; for all other pages it is closed.
_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", [])
CORS_ALLOWED_ORIGINS = [origin.strip().rstrip("/") for origin in _ORIGINS if origin.strip()]
REQUIRE_LOGIN = env.bool("REQUIRE_LOGIN", False)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
HTTPS_ONLY = env.bool("HTTPS_ONLY", _IS_ON_RAILWAY)
BEHIND_PROXY = env.bool("BEHIND_PROXY", _IS_ON_RAILWAY)  # which says in X-Real-IP who calls
RATE_LIMIT_REQUESTS = env.int("RATE_LIMIT_REQUESTS", 100, validate=_at_least(0))
RATE_LIMIT_WINDOW = env.int("RATE_LIMIT_WINDOW", 3600, validate=_at_least(1))
UPLOAD_LIMIT_SIZE = env.size("UPLOAD_LIMIT_SIZE", "5GB")
UPLOAD_LIMIT_FILES = env.int("UPLOAD_LIMIT_FILES", 20_000, validate=_at_least(0))
STATUS_LIMIT_REQUESTS = env.int("STATUS_LIMIT_REQUESTS", 600, validate=_at_least(0))
STATUS_LIMIT_WINDOW = env.int("STATUS_LIMIT_WINDOW", 60, validate=_at_least(1))
LOGIN_LIMIT_ATTEMPTS = env.int("LOGIN_LIMIT_ATTEMPTS", 10, validate=_at_least(0))
LOGIN_LIMIT_WINDOW = env.int("LOGIN_LIMIT_WINDOW", 900, validate=_at_least(1))
AUTHENTICATION_BACKENDS = ["converter.views.sign_ins.CountedSignIns"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS_ONLY else 0
# The proxy that ends TLS says so. Who reaches the app without it, and says so too, gains nothing.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
# HSTS of other names below this host's, and of browsers' lists, is for whoever owns them to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # load balancers and `up` ask it directly
SESSION_COOKIE_AGE = 365 * 24 * 3600  # a browser without a login owns its batches through this
CSRF_FAILURE_VIEW = "converter.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- the app -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "ninja",
    "template_partials",
    "csp",
    "converter",
]
MIDDLEWARE = [
    "converter.middleware.request_ids.request_ids",
    "django.middleware.security.SecurityMiddleware",
    "converter.middleware.security_headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "converter.middleware.api_boundary.ApiBoundary",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "converter.middleware.login_required.LoginWhereRequired",
    "converter.middleware.api_boundary.ApiCaller",
    "converter.middleware.idempotency.IdempotencyKeys",
    "converter.middleware.rate_limits.RateLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tablexl.urls"
WSGI_APPLICATION = "tablexl.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tablexl.staticfiles.FingerprintedStorage"},
}
WHITENOISE_USE_FINDERS = True  # no collectstatic step to forget
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 7 * 24 * 3600  # safe: addresses carry a fingerprint of the content

# --- database ------------------------------------------------------------------------------------

_SQLITE = "django.db.backends.sqlite3"


def _database() -> dict[str, Any]:
    url: str = env.str("DATABASE_URL", "")
    if not url:
        return {"ENGINE": _SQLITE, "NAME": DATA_DIR / "tablexl.sqlite3"}
    try:
        return dict(dj_database_url.parse(url))
    except (ValueError, KeyError) as error:
        message = "DATABASE_URL is no address of a database, such as postgres://user@host/name"
        raise EnvValidationError(message, [message]) from error


DATABASES = {"default": _database() | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}
if DATABASES["default"]["ENGINE"] == _SQLITE:
    # WAL alone makes lock errors worse; with IMMEDIATE, writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }

# --- uploads -------------------------------------------------------------------------------------

MAX_FILE_SIZE = env.size("MAX_FILE_SIZE", "10MB")
MAX_REQUEST_SIZE = env.size("MAX_REQUEST_SIZE", "200MB")
MAX_PIXELS = env.int("MAX_PIXELS", 50_000_000, validate=_at_least(10_000))
MAX_PAGES = env.int("MAX_PAGES", 100, validate=_at_least(1))
UPLOAD_WAIT_SECONDS = env.float("UPLOAD_WAIT_SECONDS", 2.0, validate=_at_least(0))
MAX_BATCH_SIZE = env.int("MAX_BATCH_SIZE", 10_000, validate=_at_least(1))
STORAGE_QUOTA = env.size("STORAGE_QUOTA", "100GB")
MIN_FREE_SPACE = env.size("MIN_FREE_SPACE", "200MB")
FILE_RETENTION_HOURS = env.hours("FILE_RETENTION_HOURS", "")
DRAFT_RETENTION_HOURS = env.hours("DRAFT_RETENTION_HOURS", "24")
ALLOW_URL_IMPORT = env.bool("ALLOW_URL_IMPORT", False)
FILE_UPLOAD_HANDLERS = ["converter.uploads.handler.LimitedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # a form without JavaScript sends all of its files at once

# --- the queue and its workers -------------------------------------------------------------------

ENGINE = env.str("ENGINE", "auto")
WORKERS = env.int("WORKERS", _usable_cores(), validate=_at_least(1))
CONVERT_WAIT_SECONDS = env.int("CONVERT_WAIT_SECONDS", 60, validate=_at_least(0))
IMAGE_TIMEOUT_SECONDS = env.int("IMAGE_TIMEOUT_SECONDS", 300, validate=_at_least(1))
SHIFT_SECONDS = 30  # how long a worker reads images before other tasks have their turn
REMOTE_SHIFT_SECONDS = 120  # how long it may go on while answers of a server are in flight
CLAIM_SECONDS = 60  # renewed in time while its holder lives
MAX_ATTEMPTS = 3
_TASK_SECONDS = (
    REMOTE_SHIFT_SECONDS + IMAGE_TIMEOUT_SECONDS + 60
)  # an image is begun in the last second
Q_CLUSTER: dict[str, Any] = {
    "name": "tablexl",
    "orm": "default",
    "workers": WORKERS,
    "timeout": _TASK_SECONDS,
    "retry": _TASK_SECONDS + 60,
    "queue_limit": 1,
    "bulk": 1,
    "max_attempts": 3,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "poll": 0.2,
    "recycle": 1_000_000,  # a new process would load the models again
    "label": "Queue",
}

# --- models behind an API -------------------------------------------------------------------------

OLMOCR_API_KEY = env.secret("OLMOCR_API_KEY", "")
OLMOCR_API_BASE_URL = env.web_address("OLMOCR_API_BASE_URL", "https://api.deepinfra.com/v1/openai")
OLMOCR_MODEL = env.str("OLMOCR_MODEL", "allenai/olmOCR-2-7B-1025")
REMOTE_CONCURRENCY = env.int("REMOTE_CONCURRENCY", 20, validate=_at_least(1))
REMOTE_TIMEOUT_SECONDS = env.int("REMOTE_TIMEOUT_SECONDS", 180, validate=_at_least(1))
REMOTE_DAILY_LIMIT = env.int("REMOTE_DAILY_LIMIT", 0, validate=_at_least(0))
REMOTE_DAILY_COST_LIMIT = env.float("REMOTE_DAILY_COST_LIMIT", 0.0, validate=_at_least(0))
TWO_READINGS = env.bool("TWO_READINGS", True)
PAUSE_AFTER_FAILURES = 5  # failures in a row, across images, for a cause that concerns them all

# --- who watches over it -------------------------------------------------------------------------

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")

LOG_FORMAT = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "converter.util.logs.AddIds"}},
    "formatters": {
        "text": {
            "()": "converter.util.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["levelname", "name", "message"],
            "rename_fields": {"levelname": "level", "name": "logger"},
            "reserved_attrs": [*RESERVED_ATTRS, "request", "server_time"],  # Django's own extras
            "timestamp": "time",
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["ids"],
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # They tell of every task and every request; only troubles are news.
    "loggers": {"django-q": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
