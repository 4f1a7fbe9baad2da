"""The product's settings, and Django's admin as the control: it is registered here and nowhere else."""

from hsb.settings import *  # noqa: F403
from hsb.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "bench.static.WithTheControl"}}
ROOT_URLCONF = "bench.urls"
URL_RULES = "bench.urls.RULES"
