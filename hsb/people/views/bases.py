"""What the pages about one person share: the person, the way back, and a day in the address."""

from datetime import date

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import FormPage
from hsb.people.models import Team, User


def person_at(reference):
    """The user whose reference stands in the address; Http404 where there is none."""
    person = User.objects.filter(reference=reference).first()
    if person is None:
        raise Http404
    return person


def team_at(slug):
    """The team whose slug stands in the address; Http404 where there is none."""
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise Http404
    return team


def day_at(text):
    """The date that stands in the address as 2026-11-23; Http404 where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def administration(here):
    """The administrator's lists as tabs; `here` is the URL name of the one that is open."""
    lists = (
        ("People", "people:users"),
        ("Teams", "people:teams"),
        ("Agencies", "people:agencies"),
        ("Words", "people:words"),
        ("Pathway", "referrals:pathway_texts"),
        ("Settings", "overview:settings"),
    )
    return {"sections": [{"text": text, "url": reverse(name), "current": name == here} for text, name in lists]}


class PersonFormPage(FormPage):
    """A form about the person whose reference is in the address; afterwards, the person's page."""

    lead = ""

    def prepare(self, reference, **kwargs):
        self.person = person_at(reference)

    def person_url(self):
        return reverse("people:user", args=[self.person.reference])

    def context(self):
        return {"caption": self.person.name, "lead": self.lead, "back_url": self.person_url()}
