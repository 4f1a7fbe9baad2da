"""The queue. What must happen is a row in the database; a task only wakes the work up (docs/decisions/0006)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hsb.settings")

app = Celery("hsb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
