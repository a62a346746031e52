"""Second factors. The names are those by which allauth leads from one page to the next."""

from allauth.mfa.base import views as steps
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from desk.pages import factors, sign_in

urlpatterns = [
    path("profile/sign-in/", sign_in.sign_in, name="mfa_index"),
    path("profile/sign-in/app/", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("profile/sign-in/app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("profile/sign-in/passkeys/add/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("profile/sign-in/passkeys/<int:pk>/rename/", factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("profile/sign-in/passkeys/<int:pk>/remove/", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("profile/sign-in/codes/", factors.codes, name="mfa_view_recovery_codes"),
    path("profile/sign-in/codes/new/", factors.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("profile/sign-in/codes/file/", factors.codes_file, name="mfa_download_recovery_codes"),
    path(
        "accounts/second-step/",
        steps.AuthenticateView.as_view(template_name="account/second_step.html"),
        name="mfa_authenticate",
    ),
    path("accounts/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "accounts/confirm/code/",
        steps.ReauthenticateView.as_view(template_name="account/confirm_code.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "accounts/confirm/passkey/",
        passkeys.ReauthenticateWebAuthnView.as_view(template_name="account/confirm_passkey.html"),
        name="mfa_reauthenticate_webauthn",
    ),
]
