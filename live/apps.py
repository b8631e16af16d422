"""Loads every app's `hooks` module once all models are there."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LiveConfig(AppConfig):
    name = "live"

    def ready(self) -> None:
        autodiscover_modules("hooks")
