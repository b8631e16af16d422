"""The HTTP addresses of pictures (docs/protocol.md)."""

from django.urls import path

from images.views import commands, gallery, jobs, options, pages
from live.replies import methods

urlpatterns = [
    path("images/", methods(GET=pages.generate, POST=pages.keeping_words(commands.generate)), name="images"),
    path("images/edit/", methods(GET=pages.edit, POST=pages.keeping_words(commands.edit)), name="edit_images"),
    path("images/vary/", methods(GET=pages.vary, POST=pages.keeping_words(commands.vary)), name="vary_images"),
    path("images/options/", methods(GET=options.options), name="image_options"),
    path("images/jobs/<uuid:id>/", methods(GET=jobs.job), name="image_job"),
    path("images/jobs/<uuid:id>/stop/", methods(POST=commands.stop), name="stop_image_job"),
    path("images/jobs/<uuid:id>/retry/", methods(POST=commands.retry), name="retry_image_job"),
    path("images/jobs/<uuid:id>/partial/<int:index>/<int:seq>", methods(GET=jobs.partial), name="partial_picture"),
    path("images/jobs/<uuid:id>/card/", methods(GET=gallery.card), name="image_job_card"),
    path("images/jobs/<uuid:id>/forget/", methods(POST=gallery.forget), name="forget_image_job"),
    path("images/pictures/", methods(GET=gallery.pictures), name="pictures"),
    path("images/pictures/favour/", methods(POST=gallery.favour), name="favour_pictures"),
    path("images/pictures/delete/", methods(POST=gallery.delete), name="delete_pictures"),
    path("images/pictures/restore/", methods(POST=gallery.restore), name="restore_pictures"),
    path("images/pictures/zip/", methods(POST=gallery.archive), name="zip_pictures"),
    path("images/<uuid:id>/favour/", methods(POST=gallery.favour_one), name="favour_picture"),
    path("images/<uuid:id>/", methods(GET=gallery.picture), name="picture"),
]
