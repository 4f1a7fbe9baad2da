"""Teams and agencies."""

from django.urls import reverse

from hsb.core.pages import FormPage, Page
from hsb.people import selectors
from hsb.people.forms import AgencyForm, ConfirmForm, EditTeamForm, TeamForm
from hsb.people.services import teams
from hsb.people.views.bases import administration, team_at


class Teams(Page):
    template_name = "people/teams.html"
    title = "Teams"

    def context(self):
        return administration("people:teams") | selectors.team_list(closed=self.request.GET.get("state") == "closed")


class AddTeam(FormPage):
    title = "Add a team"
    form_class = TeamForm
    done = "The team was added."

    def context(self):
        return {"back_url": reverse("people:teams")}

    def submit(self, form):
        teams.add_team(actor=self.user, **form.cleaned_data)
        return reverse("people:teams")


class _TeamFormPage(FormPage):
    def prepare(self, slug):
        self.team = team_at(slug)

    def context(self):
        return {"caption": self.team.name, "lead": self.lead, "back_url": reverse("people:teams")}

    lead = ""


class EditTeam(_TeamFormPage):
    title = "Change this team"
    template_name = "people/edit_team.html"
    form_class = EditTeamForm
    done = "The team was changed."

    def initial(self):
        t = self.team
        return {
            "version": selectors.version_of(t),
            "name": t.name,
            "service": t.service,
            "telephone": t.telephone,
            "mailbox": t.mailbox,
        }

    def context(self):
        is_open = self.team.closed_on is None
        verb = "close_team" if is_open else "reopen_team"
        return super().context() | {
            "verb_url": reverse(f"people:{verb}", args=[self.team.slug]),
            "verb_text": "Close this team" if is_open else "Reopen this team",
        }

    def submit(self, form):
        teams.edit_team(self.team.slug, actor=self.user, **form.cleaned_data)
        return reverse("people:teams")


class CloseTeam(_TeamFormPage):
    title = "Close this team"
    form_class = ConfirmForm
    lead = (
        "Nobody can be given a role in it any more. First end every role in it, and make sure that its managers have "
        "passed on what the team holds."
    )
    done = "The team was closed."

    def form_kwargs(self):
        return {"button": "Close the team"}

    def submit(self, form):
        teams.close_team(self.team.slug, actor=self.user)
        return reverse("people:teams")


class ReopenTeam(_TeamFormPage):
    title = "Reopen this team"
    form_class = ConfirmForm
    lead = "Roles can be given in it again."
    done = "The team was reopened."

    def form_kwargs(self):
        return {"button": "Reopen the team"}

    def submit(self, form):
        teams.reopen_team(self.team.slug, actor=self.user)
        return reverse("people:teams")


class Agencies(Page):
    template_name = "people/agencies.html"
    title = "Agencies"

    def context(self):
        asked = self.request.GET
        found = selectors.agency_list(kind=asked.get("kind", ""), after=asked.get("after", ""))
        return administration("people:agencies") | found


class AddAgency(FormPage):
    title = "Add an agency"
    form_class = AgencyForm
    done = "The agency was added."

    def context(self):
        return {"back_url": reverse("people:agencies")}

    def submit(self, form):
        teams.add_agency(actor=self.user, **form.cleaned_data)
        return reverse("people:agencies")
