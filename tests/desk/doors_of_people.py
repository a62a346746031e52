"""The doors about who works here, for `test_doors.py`."""

from tests.desk.outcomes import ADMIN, CHANGERS, GONE, MANAGER, OPEN, SIGNED, STAFF, TEAM, WRONG, Row

# Mona manages the team in question, and Adam may everything.
LEADS = CHANGERS

# Changes of a second factor, which first ask who it is.
CONFIRMED = (
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
)
READ_CONFIRMED = ("mfa_view_recovery_codes", "mfa_download_recovery_codes")

# Of somebody's own, and none of the cast has one.
FOREIGN = ("mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_remove_webauthn")

PEOPLE: dict[str, Row] = {
    "desk:administration_hand_over": Row(ADMIN, ADMIN),
    **{f"desk:invitation_{deed}": Row(WRONG, ADMIN, about="invitation") for deed in ("resend", "withdraw")},
    "desk:people": Row(ADMIN),
    "desk:person": Row(ADMIN, ADMIN, about="colleague"),
    "desk:person_new": Row(ADMIN, ADMIN),
    "desk:person_off": Row(ADMIN, ADMIN, about="colleague"),
    "desk:person_on": Row(WRONG, ADMIN, about="colleague"),
    "desk:team": Row(TEAM),
    "desk:profile": Row(SIGNED, SIGNED),
    "desk:profile_end_others": Row(WRONG, SIGNED),
    "desk:profile_keys": Row(WRONG, STAFF),
    "desk:profile_theme": Row(WRONG, SIGNED),
    # The token of another letter opens no invitation.
    "invitation": Row(GONE, GONE),
    "sign_in_link": Row(OPEN, OPEN),
    "sign_in_by_link": Row(GONE, GONE),
    "address_confirm": Row(GONE, GONE),
    "desk:person_address": Row(ADMIN, ADMIN, about="colleague"),
    "desk:person_address_withdraw": Row(WRONG, ADMIN, about="moving"),
}
PEOPLE |= {
    "desk:person_factor_reset": Row(WRONG, ADMIN, about="colleague"),
    "desk:sign_in_settings": Row(ADMIN, ADMIN),
    "desk:provider": Row(ADMIN, ADMIN, about="provider"),
    "desk:provider_new": Row(ADMIN, ADMIN),
    "desk:provider_remove": Row(WRONG, ADMIN, about="provider"),
    # No company of this name is set up.
    "company_sign_in": Row(WRONG, GONE),
    "company_callback": Row(GONE),
    "mfa_index": Row(SIGNED),
    # The second step of nobody's sign-in leads to its first, and whoever is in already to his desk.
    "mfa_authenticate": Row(OPEN, OPEN),
    "mfa_login_webauthn": Row(OPEN, OPEN),
    **dict.fromkeys(CONFIRMED, Row(SIGNED, SIGNED)),
    **dict.fromkeys(READ_CONFIRMED, Row(SIGNED)),
    **dict.fromkeys(FOREIGN, Row(("login", *GONE[1:]), ("login", *GONE[1:]))),
    "mfa_reauthenticate": Row(SIGNED, SIGNED),
    "mfa_reauthenticate_webauthn": Row(SIGNED, SIGNED),
    "desk:away": Row(STAFF, STAFF),
    # The absence is Mona's own.
    "desk:absence_remove": Row(WRONG, CHANGERS, about="absence"),
    "desk:duty_remove": Row(WRONG, LEADS, about="duty"),
    "desk:interests": Row(WRONG, STAFF),
    "desk:limit_remove": Row(WRONG, ADMIN, about="limit"),
    "desk:limits": Row(ADMIN, ADMIN),
    "desk:person_skills": Row(LEADS, LEADS, about="member"),
    "desk:skill": Row(ADMIN, ADMIN, about="skill"),
    "desk:skills": Row(ADMIN, ADMIN),
    "desk:team_list": Row(LEADS),
    "desk:team_new": Row(ADMIN, ADMIN),
    "desk:team_rota": Row(LEADS, LEADS),
    "desk:team_settings": Row(LEADS, LEADS),
    "desk:who": Row(STAFF),
    "tokens": Row(STAFF, STAFF),
    # A token is its person's alone.
    "token_revoke": Row(WRONG, MANAGER, about="token"),
}
