"""The app's name for Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hsb.people"
    label = "people"
    verbose_name = "People and teams"
