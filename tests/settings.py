"""The desk's settings as tests use them: a folder of their own, cheap passwords, no static manifest."""

import os
from datetime import timedelta
from pathlib import Path

# Never the folder of a desk that somebody runs from this checkout: a sub-folder of it.
_VAR = Path(os.environ.get("ESCALA_VAR", Path(__file__).resolve().parent.parent / "var"))
os.environ["ESCALA_VAR"] = str(_VAR if _VAR.name == "test" else _VAR / "test")
for _name in (
    "DEMO",
    "DEBUG",
    "BASE_URL",
    "PORT",
    "HOST",
    "EMAIL_URL",
    "ESCALA_RUN",
    "DESK_NAME",
    "ESCALA_FAILPOINTS",
):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403 - the environment is prepared above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING_CONFIG = None
# Each page of a test reckons its figures anew.
RAIL_KEPT_FOR = timedelta()
# Each test begins with a desk that has nothing of its own (`tests.conftest.own`), and no page asks for it.
IDENTITY_KEPT_FOR = timedelta(hours=1)
# However slow the machine, one round sends all that waits.
DELIVERY_TURN = timedelta(hours=1)
# In the test's own thread, which alone sees what its transaction has written.
DELIVERY_LANES = 1
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# Whitenoise warns of a folder that is not there, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - from the settings above
# A test asks little twice: what is prepared for a while would be prepared for nothing.
DATABASES["default"]["OPTIONS"].pop("prepare_threshold", None)  # noqa: F405 - from the settings above
