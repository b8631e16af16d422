"""Registers the app under its name."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
