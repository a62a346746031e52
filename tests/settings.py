"""The desk's settings as tests use them: a folder of their own, cheap passwords, no static manifest."""

import os
from pathlib import Path

_VAR = Path(__file__).resolve().parent.parent / "var" / "test"
# Never the folder of a desk that somebody runs from this checkout.
os.environ["ESCALA_VAR"] = os.environ.get("TEST_VAR", str(_VAR))
for _name in ("DEMO", "DEBUG", "BASE_URL", "PORT", "HOST", "EMAIL_URL", "ESCALA_PROCESS", "ESCALA_RUN", "DESK_NAME"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403 - the environment is prepared above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING_CONFIG = None
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
