"""Registers the app under its name."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
