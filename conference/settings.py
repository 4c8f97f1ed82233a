"""Settings of every installation. They differ by environment variables only (see .env.example)."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from conference import env, records, starting

# ── Where things are ──────────────────────────────────────────────────────────────────────────────
BASE_DIR = env.BASE_DIR
DATA_DIR = env.own_folder("DATA_DIR", BASE_DIR / "var")
FONTS_DIR = env.folder("FONTS_DIR", BASE_DIR / "node_modules")
SITE_URL = env.site_url("SITE_URL", f"http://127.0.0.1:{env.port('PORT', 8000)}")
ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"

# ── What kind of installation this is ─────────────────────────────────────────────────────────────
DEBUG = env.flag("DEBUG")
# A demonstration: invented people, passwords in a file, letters to a folder, no second factor asked for.
DEMO = env.flag("DEMO")
SECRET_KEY = env.required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = [  # this machine always: it asks itself whether it is well
    *env.words("ALLOWED_HOSTS", [str(urlsplit(SITE_URL).hostname)]), "127.0.0.1", "localhost",
]  # fmt: skip

# ── Rooms of the house ────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "conference.apps.ConferenceConfig",
    "mailing.apps.MailingConfig",
    "attendees.apps.AttendeesConfig",
    "sessions.apps.ThematicConfig",
    "documents.apps.DocumentsConfig",
    "checkin.apps.CheckinConfig",
    "conference.apps.DeskConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # TemplatesSetting finds the templates of the widgets here
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "conference.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "conference.middleware.BadRequests",
    "conference.middleware.Methods",
    "conference.middleware.Origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "conference.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "conference.middleware.UnreferredForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "conference.middleware.PrivatePages",
    "conference.middleware.SecondFactor",
    "conference.middleware.Policy",
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
                "conference.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Data ──────────────────────────────────────────────────────────────────────────────────────────
DATABASES: dict[str, dict[str, Any]] = {"default": env.database("DATABASE_URL", DATA_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Readers never wait for a writer, and a writer takes its lock at once instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = env.PATIENCE | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits and sessions live in the database: a flushed or absent Redis logs nobody out and opens no door.
# "rendered" is each process's own: its keys tell everything that was rendered, so none grows old.
CACHES = {
    "default": {
        "BACKEND": "conference.shared_cache.SharedCache",
        "LOCATION": "cache",
        # Beyond it a third is forgotten, in use or not: far above what a full conference counts at once.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "rendered": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rendered",
        "OPTIONS": {"MAX_ENTRIES": 50},
    },
}
SESSION_ENGINE = "conference.browser_sessions"
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")
LEDGERS_DIR = env.own_folder("LEDGERS_DIR", DATA_DIR)  # what outlives a restored database
NUMBERS_FILE, HEADS_FILE = LEDGERS_DIR / "numbers.jsonl", LEDGERS_DIR / "heads.jsonl"
ERASED_FILE = LEDGERS_DIR / "erased.jsonl"
FILE_UPLOAD_PERMISSIONS = 0o600
# Columns that name a stored file for as long as the row is there (conference/stored_files.py).
STORED_FILES = (
    "attendees.Attendee.photo", "attendees.Upload.file", "thematic.SpeakerProfile.photo",
    "thematic.MaterialVersion.file", "documents.Document.file", "documents.CertificateFile.file",
    "documents.Design.logo", "documents.Design.background",
)  # fmt: skip

# ── Signatures on certificates: the key lies outside the database (documents/signing_keys.py) ──────
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE")  # PKCS#12, or PEM with its certificates
SIGNING_KEY_PASSPHRASE_FILE = env.text("SIGNING_KEY_PASSPHRASE_FILE")
SIGNING_PKCS11_MODULE = env.text("SIGNING_PKCS11_MODULE")
SIGNING_PKCS11_TOKEN = env.text("SIGNING_PKCS11_TOKEN")
SIGNING_PKCS11_KEY = env.text("SIGNING_PKCS11_KEY")
SIGNING_PKCS11_PIN_FILE = env.text("SIGNING_PKCS11_PIN_FILE")
SIGNING_TSA_URL = env.text("SIGNING_TSA_URL")  # a time-stamp service; none: the signature tells its own time
SIGNING_TRUST_FILE = env.text("SIGNING_TRUST_FILE")  # roots (PEM) that signatures brought back must lead to

# ── Files for the browser ─────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static"]
if (_browser_fonts := FONTS_DIR / "@fontsource" / "be-vietnam-pro" / "files").is_dir():
    STATICFILES_DIRS.append(("fonts/be-vietnam-pro", _browser_fonts))
# Modules of the scanner at the door, as their packages bring them: reader, signatures, writer of QR codes.
for _prefix, _module in (
    ("zxing", "zxing-wasm/dist/es"),
    ("zxing-wasm", "zxing-wasm/dist/reader"),
    ("noble", "@noble/ed25519"),
    ("uqr", "uqr/dist"),
):
    if (_folder := FONTS_DIR / _module).is_dir():
        STATICFILES_DIRS.append((_prefix, _folder))
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": env.files("FILES_URL"),
    "staticfiles": {"BACKEND": "conference.static_files.Collected"},
}

# ── Language and time ─────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = "conference.formats"

# ── People signing in ─────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "conference.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conference:start"
ACCOUNT_ADAPTER = "conference.accounts.InvitedPeopleOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an organiser for an address already known
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "conference:home"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Offices of one province share one address: generous per address, tight per account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,10/10m/key",
    "link": "300/m/ip",
    "pair": "60/m/ip",
    # Guessing at certificates: a code has 80 random bits.
    "verify": "30/m/ip",
    # A full hall comes by one address within minutes; wrong codes are few.
    "here": "900/m/ip",
    "here_unknown": "90/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address comes from the organiser, see above
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Hội Nghị"
MFA_FORMS = {"add_webauthn": "conference.forms.AddKeyForm", "edit_webauthn": "conference.forms.EditKeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://")
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 8 * 60 * 60

# ── Letters ───────────────────────────────────────────────────────────────────────────────────────
vars().update(env.email("EMAIL_URL", DATA_DIR / "mail"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "Hội Nghị <bantochuc@hoinghi.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
JOURNAL_HEADS_TO = env.addresses("JOURNAL_HEADS_TO")  # who keeps the heads of the journal (mailing/heads.py)
# What rooms above the mailing write and send, by name.
# Lists of kinds (mailing/kinds.py). Values stored nowhere: key of a row → text. Attachments: key of a row →
# (file name, bytes, content type). Conditions: key of a row, else of the one that a letter is about → is it
# still wanted? Subjects: model → what says of a letter about one of its rows why it has no point any more.
MAIL_KINDS = [
    "mailing.kinds.OWN",
    "attendees.mail_kinds.KINDS",
    "sessions.mail_kinds.KINDS",
    "documents.mail_kinds.KINDS",
]
MAIL_SECRETS = {"link": "attendees.links.address_for"}
MAIL_ATTACHMENTS = {
    "letter": "documents.attachments.letter",
    "receipt": "documents.attachments.receipt",
    "personal": "documents.attachments.personal",
    "morning": "documents.attachments.morning",
}
# With the sentence that says why it is not.
MAIL_CONDITIONS: dict[str, tuple[str, Any]] = {
    "owes": ("attendees.reminders.still_owes", _("Đoàn đã trả lời.")),
    "speaks": (
        "sessions.asking.still_speaks",
        _("Người này không còn phần nào trong chương trình. Có người thay thì soạn thư cho người đó."),
    ),
    "place": (
        "sessions.passing_on.still_placed",
        _("Đại biểu không còn chỗ ở phiên này; không cần báo nữa."),
    ),
    "certificate": (
        "documents.handing_out.still_valid",
        _("Giấy chứng nhận này đã thu hồi hoặc thay. Giấy cấp lại có thư báo riêng."),
    ),
}
MAIL_SUBJECTS = {
    "attendees.attendee": "attendees.correspondence.pointless",
    "attendees.delegation": "attendees.correspondence.outdated",
}

# ── Walls ─────────────────────────────────────────────────────────────────────────────────────────
_SECURE = SITE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = _SECURE
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from the machine itself
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if _SECURE else ("session", "csrf")
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "conference.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # of what is typed; files go to the disk
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LARGEST_REQUEST = 64 * 1024 * 1024  # with its files: a longer one is not read (conference/middleware.py)

# ── Words used by the house ───────────────────────────────────────────────────────────────────────
SITE_NAME = _("Hội Nghị")
# Which delegation and which person an act concerns, told by the room that knows them (conference/journal.py).
JOURNAL_PLACE = "attendees.journals.place"
# Who reads the released programme, and who the plan: conference → its entries (conference/programme.py).
PROGRAMME = "sessions.release.published"
PROGRAMME_HEAD = "sessions.release.head"
PROGRAMME_DRAFT = "sessions.snapshots.live"
PROGRAMME_OWN = "sessions.own_calendar.address"  # the calendar of one person
# Whose introduction everybody may read: conference → address, by the code of the attendee.
SPEAKER_PAGES = "sessions.speaker_page.public_pages"
# What rooms above the ground floor put on the organisers' desk, by name.
# Panels: (conference, user) → lists by name; pages: (desk) → addresses (both conference/desk.py).
# Actions: of a list (conference/scoping.py).
DESK_PANELS = [
    "attendees.desk.board",
    "attendees.desk.attention",
    "sessions.desk_release.attention",
    "mailing.desk.attention",
    "documents.desk.board",
    "sessions.desk_speakers.attention",
    "checkin.desk.attention",
]
DESK_PAGES = [
    "attendees.admin_board.pages",
    "attendees.admin_questions.pages",
    "attendees.admin_privacy.pages",
    "conference.desk_accounts.pages",
    "sessions.admin_programme.pages",
    "sessions.admin_signups.pages",
    "sessions.admin_feedback.pages",
    "sessions.admin_presences.pages",
    "checkin.admin_carrying.pages",
    "checkin.admin_devices.pages",
    "checkin.admin_door.pages",
    "checkin.admin_questions.pages",
    "documents.admin_morning.pages",
    "documents.admin_badges.pages",
    "documents.admin_earning.pages",
    "documents.admin_issuing.pages",
    "documents.admin_designing.pages",
    "documents.admin_signing.pages",
]
# Below the page of one row: (request, row) → a piece of the page (conference/scoping.py).
DESK_BELOW = {"attendees.attendee": ["documents.desk.earned"]}
DESK_ACTIONS = {
    "attendees.attendee": [
        "documents.desk_acts.print_badges",
        "documents.desk_acts.issue_certificates",
        "documents.desk_acts.list_people",
    ],
    "attendees.delegation": [
        "documents.desk_acts.print_badges_of_delegations",
        "documents.desk_acts.list_people_of_delegations",
        "documents.desk_acts.issue_certificates_of_delegations",
        "documents.desk_acts.invite_delegations",
        "documents.desk_acts.invitation_texts",
    ],
}

# What goes beside the table of purposes, with a person (`erase`) or in time (`forget`), room by room.
ERASERS = ["attendees.erasing_lists", "mailing.erasing", "sessions.erasing", "documents.erasing"]
# What goes beside it with an account (conference/account_traces.py).
ACCOUNT_ERASERS = [
    "attendees.erasing_lists.erase_account",
    "mailing.erasing.erase_account",
    "documents.erasing.erase_account",
]

# What the sweeper looks after, room by room (conference/sweeping.py).
SWEEPS = [
    "conference.pulses.sweep",
    "conference.sealing.sweep",
    "documents.briefing.sweep",
    "documents.design_pictures.sweep",
    "documents.sweeping.sweep",
    "mailing.heads.sweep",
    "mailing.sweeping.sweep",
    "sessions.sweeping.sweep",
]

# ── Watching (docs/operations.md) ─────────────────────────────────────────────────────────────────
VERSION = env.text("VERSION", "local")  # of the image, as operators name it
METRICS_TOKEN = env.text("METRICS_TOKEN")  # without one there is no such address
# What rooms tell of themselves: () → figures (conference/figures.py).
FIGURES = ["documents.figures.figures", "mailing.figures.figures", "checkin.figures.figures"]
# What `manage.py doctor` asks of them: lists of examinations (conference/examining.py).
EXAMINATIONS = ["documents.examining.ALL", "mailing.examining.ALL"]
_KEYS = [SECRET_KEY, *SECRET_KEY_FALLBACKS]
starting.require(debug=DEBUG, demo=DEMO, site_url=SITE_URL, keys=_KEYS, metrics_token=METRICS_TOKEN)

# ── Background work (conference/celery_config.py) ─────────────────────────────────────────────────
REDIS_URL = env.broker("REDIS_URL")

# ── Records of the machine ────────────────────────────────────────────────────────────────────────
LOGGING = records.logging_of(
    env.one_of("LOG_FORMAT", *records.FORMATTERS), env.one_of("LOG_LEVEL", *records.LEVELS)
)
