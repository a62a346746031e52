"""The ASGI entry point that uvicorn serves."""

import gc
import os
import warnings

from config.environment import one_line_errors

# whitenoise reads its small files in one go; the warning is meant for answers that take long to make.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with one_line_errors():
    import django

    django.setup(set_prefix=False)

    from config.handler import Handler

    application = Handler()

# What is loaded by now stays for good: the collector need not go through it again and again. Nor is a request's garbage
# worth a look for every 700 of its objects, which is a twentieth of its time: few of them hold each other.
gc.freeze()
gc.set_threshold(20_000)
