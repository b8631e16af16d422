"""Every HTTP address, and who answers when there is none."""

from django.urls import include, path

from chatsite import views
from live.replies import methods

urlpatterns = [
    path("", include("conversations.urls")),
    path("", include("providers.urls")),
    path("", include("accounts.urls")),
    path("", include("billing.urls")),
    path("", include("images.urls")),
    path("", include("files.urls")),
    path("parts/lists/", methods(GET=views.lists), name="lists"),
    path("parts/parameters/", methods(GET=views.parameters), name="parameter_parts"),
    path("parts/answers/", methods(GET=views.answers), name="answers"),
    path("parts/message/", methods(GET=views.message), name="message_parts"),
    path("parts/attached/", methods(GET=views.attached), name="attached_parts"),
    path("parts/beside/", methods(GET=views.beside), name="beside"),
    path("healthz", methods(GET=views.healthz), name="healthz"),
    path("readyz", methods(GET=views.readyz), name="readyz"),
]

handler400 = "chatsite.views.bad_request"
handler403 = "chatsite.views.forbidden"
handler404 = "chatsite.views.not_found"
handler500 = "chatsite.views.server_error"
