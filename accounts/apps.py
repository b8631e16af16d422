"""Registers the app under its name."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
