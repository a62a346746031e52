from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.oidc import company_callback, company_sign_in
from desk.pages.front import SignIn
from desk.pages.health import livez, readyz

# The maintenance door has no sign-in of its own: it would ask for no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # as allauth documents it

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("accounts/login/", SignIn.as_view(), name="account_login"),
    path("accounts/company/<slug:slug>/", company_sign_in, name="company_sign_in"),
    path("accounts/company/<slug:slug>/back/", company_callback, name="company_callback"),
    # An address is changed by its own page, which tells the old one and keeps it for mail.
    path("accounts/email/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
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
