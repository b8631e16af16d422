"""Registers the app under its name."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"
