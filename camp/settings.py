"""All settings of Camp, read once from the environment.

`CAMP_ENV` is production (the default: secrets are required and checked), development or test.
"""

import sys
from pathlib import Path

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from camp import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

CAMP_ENV = environment.text("CAMP_ENV", "production")
if CAMP_ENV not in ("production", "development", "test"):
    raise ImproperlyConfigured("CAMP_ENV must be production, development or test.")
PRODUCTION = CAMP_ENV == "production"
DEBUG = False

# Secrets. Outside production there is a fixed stand-in, so that a clone runs without any set-up.
SECRET_KEY = environment.secret("SECRET_KEY", fallback=None if PRODUCTION else "only-for-development-and-tests")
TOKEN_PEPPER = environment.secret("TOKEN_PEPPER", fallback=None if PRODUCTION else "only-for-development-tokens")

# Addresses.
SITE_URL = environment.text("SITE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", None if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
ROOT_URLCONF = "camp.urls"
WSGI_APPLICATION = "camp.wsgi.application"
SITE_ID = 1
SOURCE_URL = environment.text("SOURCE_URL", "")  # Where this site's source can be read; linked in the footer.

INSTALLED_APPS = [
    "camp.apps.CampConfig",
    "camp.accounts",
    "camp.camps",
    "camp.notices",
    "camp.enrollment",
    "camp.stages",
    "camp.classrooms",
    "camp.rankings",
    "camp.projects",
    "camp.apps.CampAdminConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "camp.rankings.uploads.middleware.leaked_tokens_middleware",
    "camp.rankings.uploads.middleware.uploads_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "camp.accounts.middleware.session_key_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "camp.accounts.middleware.signed_out_part_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "camp.accounts.middleware.SessionSeenMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "camp.accounts.middleware.ViewerMiddleware",
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
                "camp.notices.context_processors.unread_notices",
            ],
            "builtins": ["camp.camps.templatetags.camp_ui"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # So that templates/django/forms/ gives every form our look.

# Database: SQLite serves a small camp without any installation, PostgreSQL everything larger.
DATABASES = {"default": dj_database_url.parse(environment.text("DATABASE_URL", f"sqlite:///{VAR_DIR}/camp.sqlite3"))}
TEST_DB_SUFFIX = environment.text("CAMP_TEST_DB_SUFFIX", "")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test{TEST_DB_SUFFIX}.sqlite3")}
else:
    pool = {"min_size": 1, "max_size": environment.number("DATABASE_POOL_SIZE", 16), "timeout": 20}
    # Not in tests: a connection that waits in the pool keeps the test database from being dropped, and nothing that a
    # test wrote has to outlive a power cut.
    lasting_no_longer = {"options": "-c synchronous_commit=off"}
    # Only what camp.compiled asks for is prepared: no other statement runs so often.
    preparing = {"prepare_threshold": sys.maxsize if environment.number("DATABASE_PREPARES", 1) else None}
    DATABASES["default"]["OPTIONS"] = preparing | (lasting_no_longer if CAMP_ENV == "test" else {"pool": pool})
    DATABASES["default"]["TEST"] = {"NAME": f"test_camp{TEST_DB_SUFFIX}"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL", "")
if REDIS_URL:
    _cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    CACHES = {"default": _cache, "boards": _cache | {"KEY_PREFIX": "boards"}}
else:
    _cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    # Pages of boards, some 40 KB each, must not push rate limits out of the other one.
    CACHES = {"default": _cache, "boards": _cache | {"LOCATION": "boards"}}
# How long rows of a board that were rendered already are shown while uploads change it, in seconds.
BOARD_ROWS_SECONDS = environment.number("BOARD_ROWS_SECONDS", 0 if CAMP_ENV == "test" else 1)

# Mail: every message becomes a row of the outbox first; DELIVERY is how `send_notices` hands it on.
EMAIL_BACKEND = "camp.notices.mail.OutboxBackend"
_email = dj_email_url.parse(environment.text("EMAIL_URL", None if PRODUCTION else "console:"))
EMAIL_DELIVERY_BACKEND = _email["EMAIL_BACKEND"]
if EMAIL_DELIVERY_BACKEND == "django.core.mail.backends.console.EmailBackend":
    EMAIL_DELIVERY_BACKEND = "camp.notices.terminal.EmailBackend"
EMAIL_HOST = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", None if PRODUCTION else "Camp <camp@localhost>")

# Accounts.
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # Handles are unique by their folded key, which is stricter.
AUTHENTICATION_BACKENDS = ["camp.accounts.backends.AccountBackend"]
SESSION_ENGINE = "camp.accounts.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("handle", "email", "display_name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
if CAMP_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Quick; tests make many people.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
ACCOUNT_ADAPTER = "camp.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "camp.accounts.forms.AddEmailForm",
    "change_password": "camp.accounts.forms.ChangePasswordForm",
    "login": "camp.accounts.forms.LoginForm",
    "reauthenticate": "camp.accounts.forms.ReauthenticateForm",
    "reset_password": "camp.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "camp.accounts.forms.ResetPasswordKeyForm",
    "set_password": "camp.accounts.forms.SetPasswordForm",
    "signup": "camp.accounts.forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True  # One address per account; a new one replaces it when it is verified.
ACCOUNT_RATE_LIMITS = {"resend": "20/m/ip"}  # Beside allauth's own.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "camp.accounts.models.name_of"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "camp.accounts.forms.ActivateForm",
    "authenticate": "camp.accounts.forms.CodeForm",
    "reauthenticate": "camp.accounts.forms.CodeAgainForm",
}
MFA_TOTP_ISSUER = "Camp"
MFA_TOTP_TOLERANCE = 1  # Periods of 30 seconds either way: telephones are late, and so are fingers.
MFA_ALLOW_UNVERIFIED_EMAIL = True  # Else nobody with a second factor could change the address.
USERSESSIONS_TRACK_ACTIVITY = True
GITHUB_CLIENT_ID = environment.text("GITHUB_CLIENT_ID", "")
GITHUB_CLIENT_SECRET = environment.text("GITHUB_CLIENT_SECRET", "")
SOCIALACCOUNT_ADAPTER = "camp.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "camp.accounts.forms.SocialSignupForm"}
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = {
    "github": {
        "APPS": [{"client_id": GITHUB_CLIENT_ID, "secret": GITHUB_CLIENT_SECRET, "key": ""}]
        if GITHUB_CLIENT_ID
        else [],
        "SCOPE": ["read:user", "user:email"],
    }
}
# Addresses that may count for rate limits behind a proxy: how many proxies of ours append to X-Forwarded-For.
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Languages and time. Source strings are English; times are stored in UTC and shown in the viewer's and the camp's zone.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = environment.text("TIME_ZONE", "Asia/Shanghai")

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = CAMP_ENV == "test"  # Else every test's client looks through all static files first.
MEDIA_ROOT = VAR_DIR / "media"  # Never served by address: a view checks who asks.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # Requests up to 2.5 MB.
    "camp.classrooms.upload_handler.LimitedFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # Bytes of one form; longer ones get 413 or 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # A staff action over a whole page of people.

# Browser security.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # allauth shows the TOTP QR code as a data address.
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, "https://github.com"],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^web/api/", r"^api/", r"^healthz$"]  # CI's curl follows no redirect.
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30  # Seconds: a camp's stage.
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365

# Uploads of scores (contracts/score-upload.md): the largest body in bytes, and how many a minute are answered.
UPLOAD_MAX_BYTES = 64 * 1024
UPLOADS_PER_LOGIN_A_MINUTE = environment.number("UPLOADS_PER_LOGIN_A_MINUTE", 3000)
UPLOADS_PER_TOKEN_A_MINUTE = environment.number("UPLOADS_PER_TOKEN_A_MINUTE", 6000)
REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = environment.number("REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE", 600)

# Proven scores (contracts/proven-scores.md): who signs the identity tokens, where the keys are, whom they address.
CI_ISSUER = "https://token.actions.githubusercontent.com"
CI_JWKS_URL = f"{CI_ISSUER}/.well-known/jwks"
CI_AUDIENCE = SITE_URL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"discreet": {"()": "camp.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
}
