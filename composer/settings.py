"""Django's settings, made from the environment (environment.py). The composition root."""

from django.core.exceptions import ImproperlyConfigured
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from composer import environment
from composer.engine.values import bad_text

ENV = environment.read()
ROOT = environment.ROOT

COMPOSER_VAR = ENV.composer_var
COMPOSER_VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
COMPOSER_SPOOL = ENV.composer_spool or COMPOSER_VAR / "spool"
COMPOSER_SPOOL_ON_ENGINE = ENV.composer_spool_on_engine
COMPOSER_GATE = ENV.composer_gate or COMPOSER_VAR / "gate" / "run"
COMPOSER_CARRIER = ENV.composer_carrier
COMPOSER_INSTALLATION = environment.kept_secret(
    ENV.composer_installation, COMPOSER_VAR / "installation", length=16
)
COMPOSER_WORKER_RUNS = ENV.composer_worker_runs
COMPOSER_ALLOWED_REGISTRIES = tuple(name for name in ENV.composer_allowed_registries.split(",") if name)
COMPOSER_INPUT_MAX = ENV.composer_input_max
COMPOSER_ARMED_MEMORY = ENV.composer_armed_memory
COMPOSER_ARMED_IDLE = ENV.composer_armed_idle
COMPOSER_JSON_MAX = ENV.composer_json_max
if bad_text(COMPOSER_INSTALLATION):
    raise ImproperlyConfigured("COMPOSER_INSTALLATION holds a character that no label can have.")

SECRET_KEY = environment.kept_secret(ENV.secret_key, COMPOSER_VAR / "secret-key")
DEBUG = ENV.composer_debug
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]
PORT = ENV.port

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "composer.web",
    "composer.accounts",
    "composer.catalog",
    "composer.workflows",
    "composer.runs",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "composer.web.static_files.StaticFiles",
    "composer.web.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "composer.urls"
ASGI_APPLICATION = "composer.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {"default": environment.database(ENV.database_url, COMPOSER_VAR, ENV.database_password)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "composer.web.views.csrf_failure"

SESSION_COOKIE_NAME = "composer_session"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "composer_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.composer_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.composer_https else None
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if ENV.composer_https else 0
SECURE_SSL_REDIRECT = ENV.composer_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from inside, past the proxy
# HSTS for other names of the domain, and for browsers that were never here, is for its owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if ENV.composer_https else []
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
FRONTEND = ROOT / "frontend" / "dist"
STATICFILES_DIRS = [("app", FRONTEND)] if FRONTEND.is_dir() else []
WHITENOISE_USE_FINDERS = True  # no collecting step: the files are served from where they are
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/.+-[\w-]{8}\.\w+$"

# The request's own limit for forms; JSON has its own (web/parsers.py), uploads are streamed.
DATA_UPLOAD_MAX_MEMORY_SIZE = COMPOSER_JSON_MAX
FILE_UPLOAD_TEMP_DIR = None

REDIS_URL = environment.with_password(ENV.redis_url, ENV.redis_password)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # A connection that nobody listens on dies unseen when Redis starts anew: then a second one is made.
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "retry": Retry(ConstantBackoff(0.05), 2)}],
            "prefix": f"composer-{COMPOSER_INSTALLATION}",
        },
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = f"composer-{COMPOSER_INSTALLATION}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_CONCURRENCY = COMPOSER_WORKER_RUNS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# One retry: whoever starts a run does not wait for Redis, the reconciler sends it again.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_keepalive": True,
    # A server that hangs, or a network that swallows everything, is one that is away.
    "socket_connect_timeout": 3,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0.2,
}
CELERY_TIMEZONE = TIME_ZONE

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "composer.accounts.authentication.TokenAuthentication",
        "composer.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["composer.accounts.permissions.MayRead"],
    "DEFAULT_PARSER_CLASSES": ["composer.web.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "composer.web.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "composer.web.schema.Schema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "composer.web.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Composer",
    "DESCRIPTION": "Compose workflows out of containers, run them, and follow their data.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {"Status": "composer.runs.models.STATUSES"},
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "composer.web.logs.formatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["out"], "level": ENV.composer_log_level},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}
