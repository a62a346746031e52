"""The ASGI entry point that uvicorn serves."""

import os

from django.core.asgi import get_asgi_application

from config.environment import one_line_errors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with one_line_errors():
    application = get_asgi_application()
