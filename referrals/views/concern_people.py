"""Step 1 of logging a concern: who is in it, found or added, and what part they had (practice.md A7, B8, B22)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect

from referrals.forms.concern_draft import known_form_kwargs, numbers_given
from referrals.forms.intake import RemoveForm
from referrals.forms.involved import (
    KnownForm,
    NewcomerForm,
    PickForm,
    SearchForm,
    newcomer_initial,
    search_initial,
)
from referrals.selectors import people
from referrals.selectors.concerns import masked_person
from referrals.selectors.found import results
from referrals.services import concern_drafts
from referrals.views.intake import DraftPage, as_typed


class ConcernPeople(DraftPage):
    """Step 1: everybody who is in it so far, and the search for the next one."""

    template_name = "referrals/intake/people.html"
    title = "Who is involved?"
    form_class = SearchForm

    def form_kwargs(self):
        return {"beside": bool(self.draft.people)}

    def initial(self):
        return {"key": self.key, **search_initial(self.data.get("terms") or {})}

    def submit(self, form):
        concern_drafts.search(self.user, self.key, form.terms())
        return f"{self.address('concern_people')}#found"

    def context(self):
        return {
            "people": [self._card(part) for part in self.draft.people],
            "found": self._found(),
            "unfinished": [],
            "onward": self.address("concern_what") if self.draft.people else "",
            "throw_away": self.address("concern_throw_away"),
        }

    def _card(self, part):
        rows = [{"label": "Part in it", "values": part.parts_in_words, "empty": "Not answered yet"}]
        return {
            "name": part.name,
            "line": part.line,
            "rows": rows,
            "complete": part.complete,
            "change_url": self.address("concern_person", part.number),
            "remove_url": self.address("concern_remove_person", part.number),
        }

    def _found(self):
        """What the last search found: rows to pick from, or nothing where nobody was looked for."""
        terms = self.data.get("terms")
        if not terms:
            return None
        found = results(self.user, terms)
        return {
            **found,
            "rows": [
                {**row, "button": "Add this person" if row["is_adult"] else "Add this child"} for row in found["rows"]
            ],
            "masked_can_be_added": bool(masked_person(self.user, terms)),
            "add_url": self.address("concern_add_person"),
            "new_url": self.address("concern_new_person"),
        }


class AddPerson(DraftPage):
    """Picks somebody from the results; by pick, or the one whom the results may only hint at."""

    form_class = PickForm

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(self.address("concern_people"))

    def submit(self, form):
        terms = self.data.get("terms") or {}
        if form.cleaned_data["masked"]:
            reference = masked_person(self.user, terms)
        else:
            reference = people.unsign_pick(self.user, form.cleaned_data["pick"])
        if not reference:
            messages.error(self.request, "That search is too old. Search again, and add the person from the results.")
            return self.address("concern_people")
        number = concern_drafts.add_known(self.user, self.key, reference, terms)
        return self.address("concern_person", number)


class NewPerson(DraftPage):
    """Somebody whom we do not know yet."""

    template_name = "referrals/intake/person.html"
    title = "Add somebody new"
    form_class = NewcomerForm

    def form_kwargs(self):
        return {"others": numbers_given(self.data["people"])}

    def initial(self):
        return newcomer_initial(self.data.get("terms") or {})

    def submit(self, form):
        concern_drafts.add_newcomer(self.user, self.key, self.request.POST)
        return self.address("concern_people")

    def context(self):
        return {**super().context(), "back_url": self.address("concern_people"), "about": ""}


class ConcernPerson(DraftPage):
    """The part somebody had in it; of a newcomer all details."""

    template_name = "referrals/intake/person.html"

    def prepare(self, key, number):
        super().prepare(key)
        self.part = self.draft.part(number)
        if self.part is None:
            raise Http404
        self.form_class = KnownForm if self.part.known else NewcomerForm

    def get_title(self):
        return self.part.name

    def form_kwargs(self):
        if self.part.known:
            return known_form_kwargs(self.part.known)
        return {"others": numbers_given(self.data["people"], but=self.part.number)}

    def blank_form(self):
        raw = next(entry["raw"] for entry in self.data["people"] if entry["number"] == self.part.number)
        return as_typed(self, raw)

    def submit(self, form):
        concern_drafts.change_person(self.user, self.key, self.part.number, self.request.POST)
        return self.address("concern_people")

    def context(self):
        open_with = self.part.known["open_with"] if self.part.known else ""
        return {
            **super().context(),
            "back_url": self.address("concern_people"),
            "about": self.part.line if self.part.known else "",
            "open_with": open_with,
        }


class RemovePerson(DraftPage):
    """Takes somebody out again, asked twice: what was typed of them is gone."""

    template_name = "referrals/intake/sure.html"
    form_class = RemoveForm

    def prepare(self, key, number):
        super().prepare(key)
        self.part = self.draft.part(number)
        if self.part is None:
            raise Http404

    def get_title(self):
        return f"Remove {self.part.name}?"

    def submit(self, form):
        concern_drafts.remove_person(self.user, self.key, self.part.number)
        return self.address("concern_people")

    def context(self):
        return {
            **super().context(),
            "back_url": self.address("concern_people"),
            "follows": "What you typed of this person for this concern is forgotten. Records stay as they are.",
        }
