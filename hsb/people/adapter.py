"""How we bend django-allauth: nobody signs up, and second-factor secrets are kept encrypted."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from hsb.people.services import accounts


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        return bool(url) and url.startswith("/") and not url.startswith("//") and super().is_safe_url(url)

    def get_login_stages(self):
        """After the password and the second factor: whoever came with a one-time password chooses their own."""
        return [*super().get_login_stages(), "hsb.people.first_sign_in.ChoosePassword"]

    def set_password(self, user, password):
        """allauth's own pages change a password through the same service as ours: an old version says so."""
        accounts.choose_password(user, password=password)


class MFAAdapter(DefaultMFAAdapter):
    """allauth stores TOTP secrets in clear unless these two hooks are used."""

    @property
    def _box(self):
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"mfa:" + settings.SECRET_KEY.encode()).digest()))

    def encrypt(self, text):
        return self._box.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return self._box.decrypt(encrypted_text.encode()).decode()
