"""HSB casework: harmful sexual behaviour casework for one London borough."""

from hsb.celery import app as celery_app

__all__ = ["celery_app"]
