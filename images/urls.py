"""The HTTP addresses of pictures (docs/protocol.md)."""

from django.urls import path

from images.views import gallery, jobs
from live.replies import methods

urlpatterns = [
    path("images/", methods(GET=gallery.page), name="images"),
    path("images/jobs/<uuid:id>/", methods(GET=jobs.job), name="image_job"),
    path("images/jobs/<uuid:id>/partial/<int:index>/<int:seq>", methods(GET=jobs.partial), name="partial_picture"),
    path("images/<uuid:id>/", methods(GET=gallery.picture), name="picture"),
]
