"""Closing and reopening an account; one-time passwords; a lost second factor."""

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import Page
from hsb.people import permissions
from hsb.people.forms import CloseAccountForm, ConfirmForm
from hsb.people.selectors.leaving import caseload_in_words
from hsb.people.services import accounts
from hsb.people.views import shown_once
from hsb.people.views.bases import PersonFormPage, person_at


class OneTimePassword(Page):
    """Shows the password once; afterwards, how to get another one."""

    template_name = "people/one_time_password.html"
    # Not HEAD: a look at the headers would use it up.
    http_method_names = ["get", "options"]

    def prepare(self, reference):
        self.person = person_at(reference)

    def get_title(self):
        return f"One-time password for {self.person.name}"

    def context(self):
        password = shown_once.take(self.request.session, self.person.reference)
        may_reset = permissions.can_reset_password(self.person, self.user)
        return {
            "password": password,
            "email": self.person.email,
            "person_url": reverse("people:user", args=[self.person.reference]),
            "reset_url": reverse("people:reset_password", args=[self.person.reference]) if may_reset else "",
        }


class _Confirm(PersonFormPage):
    form_class = ConfirmForm
    button = ""

    def form_kwargs(self):
        return {"button": self.button}


class ResetPassword(_Confirm):
    title = "Reset the password"
    button = "Make a one-time password"
    lead = (
        "The present password stops working at once, and so does every browser in which they are signed in. "
        "The new one is shown to you once: tell it to them in person or by telephone. "
        "They choose their own when they sign in with it."
    )

    def prepare(self, reference):
        super().prepare(reference)
        if not permissions.can_reset_password(self.person, self.user):
            raise Http404

    def submit(self, form):
        password = accounts.reset_password(self.person.reference, actor=self.user)
        shown_once.keep(self.request.session, self.person.reference, password)
        return reverse("people:one_time_password", args=[self.person.reference])


class RemoveSecondFactor(_Confirm):
    title = "Remove the second factor"
    button = "Remove it"
    lead = (
        "For somebody who has lost the telephone with their codes and has no recovery code left. Make sure that it "
        "is really them who asks. They can set it up again on the page My account."
    )
    done = "The second factor was removed."

    def prepare(self, reference):
        super().prepare(reference)
        if not permissions.can_reset_password(self.person, self.user):
            raise Http404

    def submit(self, form):
        accounts.remove_second_factor(self.person.reference, actor=self.user)
        return self.person_url()


class CloseAccount(PersonFormPage):
    title = "Close this account"
    form_class = CloseAccountForm
    lead = (
        "They can no longer sign in, and where they are signed in now, their next page is refused. Their roles end "
        "today. What they wrote stays. Children allocated to them stay so until a manager allocates them again, and "
        "anybody they cover for needs somebody else."
    )
    done = "The account was closed."

    def context(self):
        return {**super().context(), "lead": f"{self.lead} {caseload_in_words(self.person)}"}

    def submit(self, form):
        accounts.close_account(self.person.reference, actor=self.user, reason=form.cleaned_data["reason"])
        return self.person_url()


class ReopenAccount(_Confirm):
    title = "Reopen this account"
    button = "Reopen the account"
    lead = "They can sign in again. The roles that ended stay ended: give the ones they need afterwards."
    done = "The account was reopened."

    def submit(self, form):
        accounts.reopen_account(self.person.reference, actor=self.user)
        return self.person_url()
