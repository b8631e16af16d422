"""Registers the app under its name."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
