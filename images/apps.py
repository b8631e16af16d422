"""Registers the app under its name."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "images"
