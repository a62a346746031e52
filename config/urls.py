from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from desk.pages.health import livez, readyz

# The maintenance door has no sign-in of its own: it would ask for no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # as allauth documents it

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("desk.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("profile/tokens/", include("api.page_urls")),
    path("hooks/mail/", include("mailroom.urls")),
    path("help/", include("desk.portal_urls")),
    path("", include("desk.urls")),
    path("", include("desk.door_urls")),
]
