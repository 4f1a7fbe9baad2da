"""The app's name for Django."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "hsb.overview"
    label = "overview"
    verbose_name = "Overview"
