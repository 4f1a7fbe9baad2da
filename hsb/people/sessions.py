"""Sessions, each read together with the account it belongs to: one question a page, not two.

They lie in the database and nowhere else: what one process locks or ends is locked or ended for every other at once.
"""

from contextvars import ContextVar

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.utils import timezone

from hsb.people.models import Session
from hsb.people.who_asks import with_session

# The session of the request that is being answered.
_asking = ContextVar("session_of_the_request", default=None)


class SessionStore(InTheDatabase):
    """`account` is whom it was read with: a User with what the rules ask of them, or None."""

    account = None

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.account_id = data.get(SESSION_KEY)
        return session

    def load(self):
        # A cookie may say anything: of a NUL, for one, the database cannot be asked.
        is_key = self.session_key.isalnum()
        text, self.account = with_session(self.session_key, timezone.now()) if is_key else (None, None)
        if text is None:
            self._session_key = None
            return {}
        return self.decode(text)


class WhoAsks(AuthenticationMiddleware):
    """Django's own, which finds the account that was read with the session."""

    def __call__(self, request):
        token = _asking.set(request.session)
        try:
            return super().__call__(request)
        finally:
            _asking.reset(token)


def read_with_session(key):
    """The User of this key, if the session of the request that is being answered was read with them; None else."""
    account = getattr(_asking.get(), "account", None)
    return account if account is not None and account.pk == int(key) else None
