"""A bundle of configuration, as a file or as the text that was looked at."""

from django.utils.translation import gettext_lazy as _

from desk.bundle.text import LIMIT
from desk.forms.text_files import TextFileForm


class BundleForm(TextFileForm):
    most = LIMIT
    accepts = ".json,application/json"
    choose = _("Choose a file, as “Download the bundle” makes it.")
    too_large = _("This is larger than a bundle can be: at most a million characters.")
