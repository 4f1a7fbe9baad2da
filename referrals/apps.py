"""The app's name for Django, and what must stand after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ReferralsConfig(AppConfig):
    name = "referrals"
    label = "referrals"
    verbose_name = "Referrals"

    def ready(self):
        from referrals import readers

        pre_migrate.connect(readers.before_migrate, sender=self)
        post_migrate.connect(readers.after_migrate, sender=self)
