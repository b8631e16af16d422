"""The HTTP addresses of files (docs/protocol.md)."""

from django.urls import path

from files.views import commands, contents, links, pages, uploads, upstream, upstream_content
from live.replies import methods

urlpatterns = [
    path("files/", methods(GET=pages.page, POST=commands.add), name="files"),
    path("files/<uuid:id>/", methods(GET=pages.file_page), name="file"),
    path("files/<uuid:id>/rename/", methods(POST=commands.rename), name="rename_file"),
    path("files/<uuid:id>/delete/", methods(POST=commands.delete), name="delete_file"),
    path("files/<uuid:id>/restore/", methods(POST=commands.restore), name="restore_file"),
    path("parts/uploads/", methods(GET=pages.upload_parts), name="upload_parts"),
    path("files/link/", methods(POST=links.keep), name="file_link"),
    path("files/uploads/", methods(GET=uploads.listed, POST=uploads.begin), name="uploads"),
    path("files/uploads/<uuid:id>/", methods(GET=uploads.show), name="upload"),
    path("files/uploads/<uuid:id>/parts/<int:number>/", methods(PUT=uploads.put_part), name="upload_part"),
    path("files/uploads/<uuid:id>/finish/", methods(POST=uploads.finish), name="finish_upload"),
    path("files/uploads/<uuid:id>/cancel/", methods(POST=uploads.cancel), name="cancel_upload"),
    path("files/upstream/", methods(GET=upstream.choose), name="upstream"),
    path("files/upstream/<str:provider>/", methods(GET=upstream.page, POST=upstream.send), name="upstream_files"),
    path("files/upstream/<str:provider>/one/", methods(GET=upstream.detail), name="upstream_file"),
    path("files/upstream/<str:provider>/content/", methods(GET=upstream_content.content), name="upstream_content"),
    path("files/upstream/<str:provider>/keep/", methods(POST=upstream_content.keep), name="keep_upstream_file"),
    path(
        "files/upstream/<str:provider>/delete/",
        methods(GET=upstream.confirm_delete, POST=upstream.delete),
        name="delete_upstream_file",
    ),
    path("files/sent/<str:token>/", methods(GET=contents.sent_copy), name="sent_copy"),
    path("files/<uuid:id>/content", methods(GET=contents.content), name="file_content"),
    path("files/<uuid:id>/thumb/<int:size>", methods(GET=contents.thumb), name="file_thumb"),
]
