"""The pages where people see to their programs' tokens."""

from django.urls import path

from api import pages

urlpatterns = [
    path("", pages.tokens, name="tokens"),
    path("<int:pk>/revoke/", pages.revoke, name="token_revoke"),
]
