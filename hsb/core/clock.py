"""What time it is. One place, so that the demo borough can be built through the services with the clock moved."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moved_to = ContextVar("moved_to", default=None)
_hidden = ContextVar("hidden", default=False)


def now():
    """The present instant, aware. Raises RuntimeError where the clock is hidden."""
    if _hidden.get():
        raise RuntimeError("An instant would be kept in a statement: use composed.Moment.")
    return _now()


def today():
    """The present day in London."""
    return timezone.localdate(_now())


def _now():
    return _moved_to.get() or timezone.now()


@contextmanager
def moved_to(instant):
    """Inside, `now()` is `instant` (aware). For the demo borough and tests only."""
    token = _moved_to.set(instant)
    try:
        yield
    finally:
        _moved_to.reset(token)


@contextmanager
def hidden():
    """Inside, nobody can ask for the instant, only for the day: what is made there is used later."""
    token = _hidden.set(True)
    try:
        yield
    finally:
        _hidden.reset(token)


def is_hidden():
    return _hidden.get()
