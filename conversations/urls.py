"""The HTTP addresses of conversations (docs/protocol.md)."""

from django.urls import path

from conversations import views
from conversations.views import parameters as kept
from live.replies import methods

urlpatterns = [
    path("", methods(GET=views.start), name="start"),
    path("history/", methods(GET=views.history), name="history"),
    path("attachments/", methods(GET=views.attachments), name="attachments"),
    path("history/archived/", methods(GET=views.archived), name="archived"),
    path("search/", methods(GET=views.search), name="search"),
    path("c/", methods(POST=views.create), name="new_conversation"),
    path("c/<uuid:id>/", methods(GET=views.conversation), name="conversation"),
    path("c/<uuid:id>/messages/", methods(GET=views.older_messages, POST=views.send_message), name="messages"),
    path(
        "c/<uuid:id>/parameters/", methods(GET=kept.of_conversation, POST=kept.set_of_conversation), name="parameters"
    ),
    path("c/<uuid:id>/seen/", methods(POST=views.see), name="see"),
    path("c/<uuid:id>/rename/", methods(POST=views.rename), name="rename"),
    path("c/<uuid:id>/export/", methods(GET=views.export), name="export"),
    path("c/<uuid:id>/export/<slug:kind>/", methods(GET=views.export_file), name="export_file"),
    path("c/<uuid:id>/pin/", methods(POST=views.pin), name="pin"),
    path("c/<uuid:id>/unpin/", methods(POST=views.unpin), name="unpin"),
    path("c/<uuid:id>/archive/", methods(POST=views.archive), name="archive"),
    path("c/<uuid:id>/unarchive/", methods(POST=views.unarchive), name="unarchive"),
    path("c/<uuid:id>/delete/", methods(POST=views.delete), name="delete_conversation"),
    path("c/<uuid:id>/restore/", methods(POST=views.restore), name="restore_conversation"),
    path("c/<uuid:id>/turns/", methods(GET=views.turns, POST=views.insert_turn), name="turns"),
    path("messages/<uuid:id>/", methods(GET=views.message), name="message"),
    path("messages/<uuid:id>/answer/", methods(POST=views.answer_message), name="answer_message"),
    path("messages/<uuid:id>/fork/", methods(POST=views.fork), name="fork"),
    path("messages/<uuid:id>/delete/", methods(POST=views.delete_message), name="delete_message"),
    path("messages/<uuid:id>/restore/", methods(POST=views.restore_message), name="restore_message"),
    path("messages/<uuid:id>/regenerate/", methods(POST=views.regenerate), name="regenerate"),
    path("messages/<uuid:id>/edit/", methods(POST=views.edit_message), name="edit_message"),
    path("messages/<uuid:id>/continue/", methods(POST=views.continue_message), name="continue_message"),
    path("messages/<uuid:id>/request/", methods(GET=views.as_typed), name="request_as_typed"),
    path("messages/<uuid:id>/logprobs/", methods(GET=views.probabilities), name="probabilities"),
    path("messages/<uuid:id>/show/", methods(POST=views.show_message), name="show_message"),
    path("parameters/", methods(GET=kept.of_new, POST=kept.check), name="new_parameters"),
    path("settings/parameters/", methods(GET=kept.standing_ones, POST=kept.set_standing), name="standing_parameters"),
    path("settings/parameters/presets/", methods(POST=kept.save_preset), name="presets"),
    path("settings/parameters/presets/<uuid:id>/delete/", methods(POST=kept.delete_preset), name="delete_preset"),
    path("settings/requests/", methods(GET=views.request_log), name="requests"),
    path("runs/<uuid:id>/stop/", methods(POST=views.stop), name="stop"),
]
