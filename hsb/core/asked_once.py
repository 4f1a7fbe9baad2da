"""What a page that only shows asks of a noun, it asks once: nothing changes while somebody looks.

`find` marks what a page reads while `looking` is on, and a function with `@asked_once` answers there from what it said
before. The door reads each noun anew, under the lock: by what a verb is decided is always asked.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_looking = ContextVar("a_page_only_shows", default=False)
_KEPT = "_asked_once"


@contextmanager
def looking():
    """Inside, a page only shows."""
    token = _looking.set(True)
    try:
        yield
    finally:
        _looking.reset(token)


def marked(noun):
    """The noun; where a page only shows, what is asked of it is kept on it."""
    if _looking.get():
        noun.__dict__.setdefault(_KEPT, {})
    return noun


def foresee(noun, answers):
    """Leaves what a page has read already as what these functions say of the noun ({one with @asked_once, to which
    nothing else is given: its answer}); nothing where more is done than showing."""
    kept = noun.__dict__.get(_KEPT)
    if kept is not None:
        kept.update({(function.__wrapped__, (), ()): answer for function, answer in answers.items()})


def only_shown(noun):
    """Whether it was read by a page that only shows."""
    return _KEPT in noun.__dict__


def asked_once(function):
    """Decorator of a function of a noun and hashable values that only reads."""

    @wraps(function)
    def answered(noun, *values, **named):
        kept = noun.__dict__.get(_KEPT)
        if kept is None:
            return function(noun, *values, **named)
        key = (function, values, tuple(sorted(named.items())))
        if key not in kept:
            kept[key] = function(noun, *values, **named)
        return kept[key]

    return answered
