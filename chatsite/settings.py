"""Every setting, read once from the environment and `.env`, top to bottom. `.env.example` lists the variables."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from chatsite import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(env.path("ENV_FILE", default=str(BASE_DIR / ".env"))())

# --- where it runs -----------------------------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "data").resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be used: {error}.") from error

HOST = environment.given(env, "HOST", "127.0.0.1")
PORT = environment.port(env, "PORT", 8000)
ON_LOOPBACK = environment.is_loopback(HOST)
SITE_URL = environment.site_url(env, default=f"http://{HOST}:{PORT}" if ON_LOOPBACK and PORT else "")
HTTPS = SITE_URL.startswith("https://")
_site_host = urlsplit(SITE_URL).hostname
_private = ON_LOOPBACK and (_site_host is None or environment.is_loopback(_site_host))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    *environment.LOOPBACK_NAMES,
    *([_site_host] if _site_host else []),
]
if not ON_LOOPBACK and not env.str("SITE_URL", default="") and not env.list("ALLOWED_HOSTS", default=[]):
    raise ImproperlyConfigured(
        f"HOST={HOST} can be reached from outside: set SITE_URL to the address that people will type."
    )
TRUSTED_PROXIES = environment.networks(env, "TRUSTED_PROXIES", default=["127.0.0.1", "::1"] if not _private else [])

SECRET_KEY = environment.secret_key(env, DATA_DIR)
FIELD_KEYS = environment.field_keys(env, DATA_DIR)
DEBUG = environment.switch(env, "DEBUG", False)

# Open while only this machine can reach the site; otherwise people come by invitation.
REGISTRATION = environment.choice(
    env, "REGISTRATION", ("open", "invitation", "closed"), default="open" if _private else "invitation"
)
CURRENCY = environment.currency(env)
# Micro-units; pictures that will probably cost more are asked about once more.
IMAGES_CONFIRM_ABOVE = environment.money(env, "IMAGES_CONFIRM_ABOVE", "0.50")

# --- the environment's provider ----------------------------------------------------------------------------------

OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="").strip()
OPENAI_BASE_URL = environment.base_url(env, "OPENAI_BASE_URL")
OPENAI_ORG_ID = env.str("OPENAI_ORG_ID", default="")
OPENAI_PROJECT_ID = env.str("OPENAI_PROJECT_ID", default="")
OPENAI_MODEL = env.str("OPENAI_MODEL", default="").strip()
KEY_VARIABLES = environment.key_variables(env)

OUTBOUND_ALLOW = environment.networks(env, "OUTBOUND_ALLOW", default=[])

# --- the living process ------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database(env, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in ("redis", "rediss", "unix"):
    raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
DRAIN_SECONDS = environment.seconds(env, "DRAIN_SECONDS", 20)
RETENTION_DAYS = environment.days(env, "RETENTION_DAYS")
# Whoever may run beside others needs the layer; without it one process proves that it is alone (design section 3).
CHANNEL_LAYERS: dict[str, dict] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, dict] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    # redis-py's default socket timeout would end an idle receive (design trap 2).
    # Sites that share a Redis are told apart by their secret key, which all processes of one site share.
    _prefix = "chatsite-" + hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:12]
    _layer = {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": _prefix}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": _layer}}
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": _prefix,
        }
    }

# --- applications ------------------------------------------------------------------------------------------------

ASGI_APPLICATION = "chatsite.asgi.application"
ROOT_URLCONF = "chatsite.urls"
INSTALLED_APPS = [
    "chatsite",
    "conversations",
    "images",
    "files",
    "billing",
    "providers",
    "accounts",
    "live",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "chatsite.middleware.request_context",
    "chatsite.inline.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "chatsite.middleware.compression",
    "chatsite.middleware.content_security_policy",
    "live.middleware.refuse_while_draining",
    "live.middleware.refuse_unreadable",
    "chatsite.inline.SessionMiddleware",
    "chatsite.inline.LocaleMiddleware",
    "chatsite.inline.CommonMiddleware",
    "chatsite.inline.CsrfViewMiddleware",
    "chatsite.inline.AuthenticationMiddleware",
    "chatsite.inline.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "live.middleware.answer_refusals",
]
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
                "chatsite.context_processors.site",
            ],
        },
    }
]

# --- people (django-allauth) -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
SESSION_ENGINE = "accounts.sessions"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
EMAIL_URL = env.str("EMAIL_URL", default="")
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_URL)  # a mail when the password or the address was changed
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Chatsite] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

DEFAULT_FROM_EMAIL = environment.given(env, "DEFAULT_FROM_EMAIL", f"chatsite@{_site_host or 'localhost'}")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold a request for ever
vars().update(environment.email(env))

# --- security ----------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other names under the same domain are not this site's to decide
    "security.W021",  # nor is the browsers' preload list
    "security.W002",  # framing is refused by the Content-Security-Policy (frame-ancestors)
    "security.W001",  # chatsite.inline has the middlewares that these two look for by name
    "security.W003",
]
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
CSRF_FAILURE_VIEW = "chatsite.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "nonce"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["dompurify"],
}

# --- what people upload ------------------------------------------------------------------------------------------

MAX_FILE_BYTES = environment.megabytes(env, "MAX_FILE_MB", 256)
MAX_FILE_BYTES_BY_KIND = environment.megabytes_by_kind(env, "MAX_FILE_MB_BY_KIND")
MAX_FILES_BYTES = environment.megabytes(env, "MAX_FILES_MB", 2048)
# What the reading of one file's text may cost, in a child process.
EXTRACT_SECONDS = environment.seconds(env, "EXTRACT_SECONDS", 30)
EXTRACT_MEMORY_BYTES = environment.megabytes(env, "EXTRACT_MEMORY_MB", 512)
# All that the child that reads a file finds in its environment: no setting, no key.
CHILD_ENVIRONMENT = {name: env.ENVIRON[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in env.ENVIRON}

# --- language, time, static files, logs --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = environment.given(env, "STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "chatsite.vendor.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "chatsite.storage.Storage"},
}
SERVESTATIC_MAX_AGE = 0  # plain names are revalidated; hashed names are immutable by themselves

LOGGING_CONFIG = None
logs.configure(level=environment.choice(env, "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"))
