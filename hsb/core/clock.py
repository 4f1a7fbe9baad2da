"""What time it is. One place, so that the demo borough can be built through the services with the clock moved."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moved_to = ContextVar("moved_to", default=None)


def now():
    """The present instant, aware."""
    return _moved_to.get() or timezone.now()


def today():
    """The present day in London."""
    return timezone.localdate(now())


@contextmanager
def moved_to(instant):
    """Inside, `now()` is `instant` (aware). For the demo borough and tests only."""
    token = _moved_to.set(instant)
    try:
        yield
    finally:
        _moved_to.reset(token)
