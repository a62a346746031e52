from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from desk.pages.health import livez, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("profile/tokens/", include("api.page_urls")),
    path("hooks/mail/", include("mailroom.urls")),
    path("help/", include("desk.portal_urls")),
    path("", include("desk.urls")),
    path("", include("desk.door_urls")),
]
