"""What things are called where they are named among others: asked for all of them at once, and with other questions."""

from collections.abc import Callable
from dataclasses import dataclass

from hsb.core import access, composed
from hsb.core.composed import among

# More keys than this are asked for without keeping the statement.
MOST = 128


@dataclass(frozen=True)
class Called:
    """Of one kind: `rows` gives those that a user may know of, as values() with their key; `said` makes of a row what
    it is called there."""

    rows: Callable
    said: Callable

    def asking(self, user, keys):
        """The Question of `of` (riding.py), or None."""
        keys = _known(keys)
        if not 0 < len(keys) <= MOST:
            return None
        return self._kept(user, keys).asking

    def of(self, user, keys):
        """{key: what it is called} of those of `keys` that the user may know of."""
        keys = _known(keys)
        if not keys:
            return {}
        found = self._kept(user, keys).rows() if len(keys) <= MOST else self.rows(user).filter(pk__in=keys)
        return {row["pk"]: self.said(row) for row in found}

    def _kept(self, user, keys):
        # Of many different numbers of keys few statements are kept.
        keys = keys + keys[-1:] * ((1 << (len(keys) - 1).bit_length()) - len(keys))
        which, given = among("pk", keys)
        rights = access.rights_today(user)
        statement = composed.kept(("called", self, rights, len(given)), lambda: self.rows(user).filter(which))
        return composed.Asked(statement, given)


def _known(keys):
    """Each once; somebody may have none."""
    return sorted({key for key in keys if key is not None})
