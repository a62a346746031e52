"""The doors about who works here, for `test_doors.py`."""

from tests.desk.outcomes import ADMIN, GONE, SIGNED, STAFF, TEAM, WRONG, Row

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
}
