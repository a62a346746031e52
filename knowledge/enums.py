from django.db import models
from django.utils.translation import gettext_lazy as _


class Readers(models.TextChoices):
    """For whom an article is, once a version of it is in force."""

    COLLEAGUES = "colleagues", _("Colleagues only")
    CUSTOMERS = "customers", _("Customers who have signed in")
    EVERYBODY = "everybody", _("Everybody who can reach the portal")


OUTSIDE = (Readers.CUSTOMERS, Readers.EVERYBODY)
