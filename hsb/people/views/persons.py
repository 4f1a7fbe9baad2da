"""The list of people, one person's page, what was changed about them; adding and correcting an account."""

from django.http import Http404
from django.urls import reverse

from hsb.core import clock
from hsb.core.pages import FormPage, Page
from hsb.people import selectors
from hsb.people.forms import AddUserForm, EditUserForm
from hsb.people.services import accounts
from hsb.people.views import shown_once
from hsb.people.views.bases import PersonFormPage, administration, person_at


class Users(Page):
    template_name = "people/users.html"
    title = "People"

    def context(self):
        asked = self.request.GET
        found = selectors.user_list(
            closed=asked.get("state") == "closed", team=asked.get("team", ""), after=asked.get("after", "")
        )
        return administration("people:users") | found


class Person(Page):
    template_name = "people/user.html"

    def prepare(self, reference):
        self.person = person_at(reference)

    def get_title(self):
        return self.person.name

    def context(self):
        return selectors.person_page(self.person, self.user)


class Changes(Page):
    """Everything that was changed, newest first; `before` is how many newer ones were shown."""

    template_name = "people/changes.html"
    title = "What was changed"

    def prepare(self, reference):
        self.person = person_at(reference)
        given = self.request.GET.get("before", "0")
        if not given.isascii() or not given.isdigit() or len(given) > 6:
            raise Http404
        self.before = int(given)

    def context(self):
        items, more = selectors.changes_of(self.person, before=self.before)
        url = self.request.path
        return {
            "changes": items,
            "caption": self.person.name,
            "back_url": reverse("people:user", args=[self.person.reference]),
            "next_url": f"{url}?before={self.before + len(items)}" if more else "",
            "first_url": url if self.before else "",
        }


class AddUser(FormPage):
    title = "Add a person"
    form_class = AddUserForm

    def form_kwargs(self):
        return {"teams": selectors.open_teams()}

    def initial(self):
        return {"starts_on": clock.today()}

    def context(self):
        return {"back_url": reverse("people:users")}

    def submit(self, form):
        person, password = accounts.add_user(actor=self.user, **form.cleaned_data)
        if password is not None:
            shown_once.keep(self.request.session, person.reference, password)
        return reverse("people:one_time_password", args=[person.reference])


class EditUser(PersonFormPage):
    title = "Change name or address"
    form_class = EditUserForm
    done = "The account was changed."

    def initial(self):
        p = self.person
        return {
            "version": selectors.version_of(p),
            "name": p.name,
            "email": p.email,
            "job_title": p.job_title,
            "telephone": p.telephone,
        }

    def submit(self, form):
        accounts.edit_user(self.person.reference, actor=self.user, **form.cleaned_data)
        return self.person_url()
