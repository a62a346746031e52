"""The settings about people; `desk.settings_urls` takes them in."""

from django.urls import path

from desk.pages import away, limits, people, providers, relocating, sign_in_settings, skills, team_settings

urlpatterns = [
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="person_new"),
    path("settings/people/hand-over/", people.hand_over, name="administration_hand_over"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/address/", relocating.address, name="person_address"),
    path("settings/people/<int:pk>/address/withdraw/", relocating.withdraw, name="person_address_withdraw"),
    path("settings/people/<int:pk>/off/", people.switch_off, name="person_off"),
    path("settings/people/<int:pk>/on/", people.switch_on, name="person_on"),
    path("settings/people/<int:pk>/reset-factor/", people.reset_factor, name="person_factor_reset"),
    path("settings/people/invitations/<int:pk>/resend/", people.resend_invitation, name="invitation_resend"),
    path("settings/people/invitations/<int:pk>/withdraw/", people.withdraw_invitation, name="invitation_withdraw"),
    path("settings/sign-in/", sign_in_settings.sign_in_settings, name="sign_in_settings"),
    path("settings/sign-in/companies/new/", providers.new_provider, name="provider_new"),
    path("settings/sign-in/companies/<int:pk>/", providers.provider, name="provider"),
    path("settings/sign-in/companies/<int:pk>/remove/", providers.remove, name="provider_remove"),
    path("settings/teams/", team_settings.teams, name="team_list"),
    path("settings/teams/new/", team_settings.new_team, name="team_new"),
    path("settings/teams/<slug:slug>/", team_settings.team, name="team_settings"),
    path("settings/teams/<slug:slug>/rota/", team_settings.rota, name="team_rota"),
    path("settings/duties/<int:pk>/remove/", team_settings.remove_duty, name="duty_remove"),
    path("settings/skills/", skills.skills, name="skills"),
    path("settings/skills/<int:pk>/", skills.skill, name="skill"),
    path("settings/people/<int:pk>/skills/", skills.person_skills, name="person_skills"),
    path("settings/limits/", limits.limits, name="limits"),
    path("settings/limits/<int:pk>/remove/", limits.remove, name="limit_remove"),
    path("who/", skills.who, name="who"),
    path("profile/away/", away.away, name="away"),
    path("profile/away/<int:pk>/back/", away.come_back, name="absence_remove"),
    path("profile/interests/", away.interests, name="interests"),
]
