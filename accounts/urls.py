"""Addresses of people: allauth's under /accounts/, with our doors before its own, and the settings."""

from django.urls import include, path
from django.views.i18n import set_language

from accounts.views import leaving, people, settings, signing
from live.replies import methods

urlpatterns = [
    path("accounts/signup/", signing.signup, name="account_signup"),
    path("accounts/email/", signing.email, name="account_email"),
    path("accounts/invitation/<str:token>/", methods(GET=signing.open_invitation), name="invitation"),
    path("accounts/sessions/<int:session_id>/end/", methods(POST=settings.end_session), name="end_session"),
    path("accounts/", include("allauth.urls")),
    path("settings/", methods(GET=settings.page), name="settings"),
    path("settings/appearance/", methods(POST=settings.save_appearance), name="save_appearance"),
    path("settings/answers/", methods(POST=settings.save_answers), name="save_answers"),
    path("settings/history/", methods(POST=settings.save_retention), name="save_retention"),
    path("settings/language/", set_language, name="set_language"),
    path("settings/leave/", methods(GET=leaving.page, POST=leaving.leave), name="leave"),
    path("settings/people/", methods(GET=people.page), name="people"),
    path("settings/people/invite/", methods(POST=people.invite), name="invite"),
    path("settings/people/invitations/<int:invitation_id>/withdraw/", methods(POST=people.withdraw), name="withdraw"),
    path("settings/people/<int:person_id>/reset-link/", methods(POST=people.reset_link), name="reset_link"),
    path("settings/people/<int:person_id>/deactivate/", methods(POST=people.deactivate), name="deactivate"),
    path("settings/people/<int:person_id>/reactivate/", methods(POST=people.reactivate), name="reactivate"),
]
