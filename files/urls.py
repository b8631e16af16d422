"""The HTTP addresses of files (docs/protocol.md)."""

from django.urls import path

from files.views import contents
from live.replies import methods

urlpatterns = [
    path("files/<uuid:id>/content", methods(GET=contents.content), name="file_content"),
    path("files/<uuid:id>/thumb/<int:size>", methods(GET=contents.thumb), name="file_thumb"),
]
