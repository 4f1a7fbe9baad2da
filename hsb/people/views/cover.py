"""Cover: arranged for oneself, for one's own team, or by an administrator for anybody."""

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import FormPage, Page
from hsb.people import permissions, selectors
from hsb.people.forms import ConfirmForm, CoverForm
from hsb.people.services import cover
from hsb.people.views.bases import day_at, person_at


class TeamCover(Page):
    template_name = "people/team_cover.html"
    title = "Cover in your teams"

    def context(self):
        return selectors.team_cover(self.user, after=self.request.GET.get("after", ""))


class _CoverFormPage(FormPage):
    def came_from(self):
        """The page that shows this person's cover to this reader."""
        if permissions.can_administer(self.user):
            return reverse("people:user", args=[self.person.reference])
        return reverse("people:account" if self.person.pk == self.user.pk else "people:team_cover")


class ArrangeCover(_CoverFormPage):
    title = "Arrange cover"
    template_name = "people/arrange_cover.html"
    form_class = CoverForm
    done = "Cover was arranged."

    def prepare(self, reference):
        self.person = person_at(reference)
        if not permissions.can_arrange_cover(self.person, self.user):
            raise Http404

    def form_kwargs(self):
        if not hasattr(self, "_colleagues"):
            self._colleagues = selectors.colleagues(self.person)
        return {"colleagues": self._colleagues, "may_look_elsewhere": permissions.can_administer(self.user)}

    def context(self):
        return {
            "caption": self.person.name,
            "lead": (
                f"Whoever covers can open what is allocated to {self.person.name}, from the first day to the last, "
                "both included. "
                "Restricted records stay closed."
            ),
            "back_url": self.came_from(),
            "somebody_to_ask": permissions.can_administer(self.user) or bool(self.form_kwargs()["colleagues"]),
        }

    def submit(self, form):
        days = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        cover.arrange_cover(self.person.reference, actor=self.user, by=form.who_covers(), **days)
        return self.came_from()


class EndCover(_CoverFormPage):
    title = "End this cover"
    form_class = ConfirmForm
    done = "The cover has ended."

    def prepare(self, reference, by, starts_on):
        self.person = person_at(reference)
        if not permissions.can_end_cover(self.person, self.user):
            raise Http404
        self.by, self.starts_on = person_at(by), day_at(starts_on)

    def form_kwargs(self):
        return {"button": "End it now"}

    def context(self):
        return {
            "caption": self.person.name,
            "lead": f"{self.by.name} stops covering at once, and opens only their own again.",
            "back_url": self.came_from(),
        }

    def submit(self, form):
        cover.end_cover(self.person.reference, actor=self.user, by=self.by.reference, starts_on=self.starts_on)
        return self.came_from()
