"""Addresses of providers and models."""

from django.urls import path

from live.replies import methods
from providers.views import models

urlpatterns = [
    path("models/", methods(GET=models.models), name="models"),
]
