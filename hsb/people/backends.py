"""How people sign in, and who it is that has signed in."""

from allauth.account.auth_backends import AuthenticationBackend

from hsb.people.sessions import read_with_session
from hsb.people.who_asks import whole


class SignedIn(AuthenticationBackend):
    """As allauth signs in; who is signed in is read with everything that the rules ask of them."""

    def get_user(self, user_id):
        user = read_with_session(user_id) or whole(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
