"""The app's name for Django, and what must stand after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "hsb.core"
    label = "core"
    verbose_name = "Foundation"

    def ready(self):
        from hsb.core import append_only, checks  # noqa: F401  (registers the system checks)

        post_migrate.connect(append_only.after_migrate, sender=self)
