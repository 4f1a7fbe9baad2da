"""The last step of signing in with a one-time password: it opens nothing until its owner has chosen another one."""

from datetime import timedelta

from allauth.account.stages import LoginStage
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from hsb.core import clock
from hsb.people import selectors

# A password on a slip of paper is not left lying for ever.
ONE_TIME_FOR = timedelta(days=7)
TOO_OLD = "This one-time password is more than 7 days old. Ask your administrator for a new one."


class ChoosePassword(LoginStage):
    key = "choose_password"
    urlname = "people:choose_password"

    def handle(self):
        """allauth's contract: (response or None, whether signing in may go on)."""
        given_at = selectors.one_time_password_given_at(self.login.user)
        if given_at is None:
            return None, True
        if clock.now() - given_at > ONE_TIME_FOR:
            messages.error(self.request, TOO_OLD)
            return HttpResponseRedirect(reverse("account_login")), False
        return HttpResponseRedirect(reverse(self.urlname)), True
