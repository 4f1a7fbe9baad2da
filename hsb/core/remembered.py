"""Small tables that every page asks for and that change a few times a year: each process reads them anew at times."""

from time import monotonic

from django.db import transaction

KEEP_SECONDS = 30
_all = []


class Remembered:
    """What `read` (a function) returned, for KEEP_SECONDS or until somebody says `forget`."""

    def __init__(self, read):
        self._read, self._at, self._rows, self._turn = read, None, (), 0
        _all.append(self)

    def __call__(self):
        if self._at is None or monotonic() - self._at > KEEP_SECONDS:
            turn = self._turn
            rows = tuple(self._read())
            if turn != self._turn:
                return rows  # somebody changed it while it was read: the next question reads it again
            self._rows, self._at = rows, monotonic()
        return self._rows

    def forget(self):
        """Read again at the next question."""
        self._turn += 1
        self._at = None

    def forget_when_committed(self, **signal):
        """The same once what was written stands; for Django's signals."""
        transaction.on_commit(self.forget)


def forget_all():
    """The same for every table: between tests, and after data were put in by other ways than the services."""
    for each in _all:
        each.forget()
