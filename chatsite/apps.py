"""Registers the building itself, for its template tags."""

from django.apps import AppConfig


class ChatsiteConfig(AppConfig):
    name = "chatsite"
