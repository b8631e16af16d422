"""Addresses of providers, groups and models."""

from django.urls import path

from live.replies import methods
from providers.views import drafts, engines, groups, keys, models, providers, table

urlpatterns = [
    path("models/", methods(GET=models.page), name="models"),
    path("models/one/", methods(GET=models.one), name="model"),
    path("models/refresh/", methods(POST=models.refresh), name="refresh_models"),
    path("models/hide/", methods(POST=models.hide), name="hide_model"),
    path("models/show/", methods(POST=models.show), name="show_model"),
    path("models/default/", methods(POST=models.set_default), name="default_model"),
    path("models/default/clear/", methods(POST=models.clear_default), name="clear_default"),
    path("models/forget/", methods(POST=models.forget), name="forget_learned"),
    path("models/delete/", methods(GET=models.confirm_delete, POST=models.delete), name="delete_model"),
    path("models/engines/", methods(GET=engines.page), name="engines"),
    path("models/table/", methods(GET=table.page, POST=table.create), name="model_table"),
    path("models/table/<int:id>/", methods(GET=table.edit, POST=table.save), name="model_row"),
    path("models/table/<int:id>/delete/", methods(POST=table.delete), name="delete_model_row"),
    path("settings/providers/", methods(GET=providers.page, POST=providers.create), name="providers"),
    path("settings/providers/new/", methods(GET=providers.choose_preset), name="new_provider"),
    path("settings/providers/file/", methods(POST=drafts.read_file), name="read_providers"),
    path("settings/providers/try/", methods(POST=drafts.try_out), name="try_provider"),
    path("settings/providers/nearby/", methods(POST=providers.look_nearby), name="look_nearby"),
    path("settings/providers/rules/", methods(POST=providers.save_rules), name="save_rules"),
    path("settings/providers/<uuid:id>/", methods(GET=providers.edit, POST=providers.save), name="provider"),
    path(
        "settings/providers/<uuid:id>/delete/",
        methods(GET=providers.confirm_delete, POST=providers.delete),
        name="delete_provider",
    ),
    path("settings/providers/<str:id>/test/", methods(POST=providers.test), name="test_provider"),
    path("settings/providers/<str:id>/keys/", methods(GET=keys.page, POST=keys.create), name="provider_keys"),
    path(
        "settings/providers/<str:id>/keys/delete/",
        methods(GET=keys.confirm_delete, POST=keys.delete),
        name="delete_provider_key",
    ),
    path("settings/groups/", methods(GET=groups.page, POST=groups.create), name="groups"),
    path("settings/groups/<int:id>/", methods(POST=groups.save), name="group"),
    path("settings/groups/<int:id>/delete/", methods(POST=groups.delete), name="delete_group"),
]
