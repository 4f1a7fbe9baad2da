"""Small tables that every page asks for and that change a few times a year: each process reads them anew at times."""

from time import monotonic

KEEP_SECONDS = 30
_all = []


class Remembered:
    """What `read` (a function) returned, for KEEP_SECONDS or until somebody says `forget`."""

    def __init__(self, read):
        self._read, self._at, self._rows = read, None, ()
        _all.append(self)

    def __call__(self):
        if self._at is None or monotonic() - self._at > KEEP_SECONDS:
            self._rows = tuple(self._read())
            self._at = monotonic()
        return self._rows

    def forget(self, **signal):
        """Read again at the next question; takes what Django's signals send."""
        self._at = None


def forget_all():
    """The same for every table: between tests, and after data were put in by other ways than the services."""
    for each in _all:
        each.forget()
