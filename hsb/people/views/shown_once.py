"""A one-time password between the POST that makes it and the page that shows it once: sealed, in the session."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

KEY = "shown_once"


def _box():
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"shown-once:" + settings.SECRET_KEY.encode()).digest()))


def keep(session, reference, password):
    """Keeps the password for the next page; sealed, because sessions lie in the database."""
    session[KEY] = {reference: _box().encrypt(password.encode()).decode()}


def take(session, reference):
    """The password kept for this person, and forgotten with this; "" where there is none (any more)."""
    sealed = session.get(KEY, {}).get(reference)
    if sealed is None:
        return ""
    del session[KEY]
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
