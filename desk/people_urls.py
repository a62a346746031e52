"""The settings about people; `desk.settings_urls` takes them in."""

from django.urls import path

from desk.pages import people

urlpatterns = [
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="person_new"),
    path("settings/people/hand-over/", people.hand_over, name="administration_hand_over"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/off/", people.switch_off, name="person_off"),
    path("settings/people/<int:pk>/on/", people.switch_on, name="person_on"),
    path("settings/people/invitations/<int:pk>/resend/", people.resend_invitation, name="invitation_resend"),
    path("settings/people/invitations/<int:pk>/withdraw/", people.withdraw_invitation, name="invitation_withdraw"),
]
