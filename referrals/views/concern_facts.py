"""What is known of a concern is corrected or completed; what somebody in it is to the others."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from hsb.core import words
from hsb.core.refusals import Changed, Denied
from referrals.forms.concern_facts import CorrectConcernForm, RelationshipForm
from referrals.forms.identity import in_words_of
from referrals.forms.intake import Birth
from referrals.permissions import can_correct_concern
from referrals.selectors.concern_facts import changed_facts, changes_place, facts_of
from referrals.selectors.involved import part_of, people_in
from referrals.selectors.joining import concerns_of
from referrals.services import concern_facts
from referrals.states import BirthPrecision
from referrals.views.bases import CaseFormPage


class CorrectConcern(CaseFormPage):
    """When, where, in whose area, who reported it: what was recorded otherwise changes with a reason."""

    form_class = CorrectConcernForm
    tab = "people"
    title = "Correct or complete what is known"
    looked_at_as = "correct_concern"
    done = "It is saved. What stood before is kept on the page of the concern."

    def prepare(self, reference, concern):
        super().prepare(reference)
        self.find(concern)
        if not can_correct_concern(self.referral, self.user):
            raise Denied(record=self.record, verb="correct_concern")

    def find(self, reference):
        self.concern = next((one for one in concerns_of(self.referral) if one.reference == reference), None)
        if self.concern is None:
            raise Http404
        self.with_place = changes_place(self.concern, self.user)

    @property
    def lead(self):
        said = (
            f"The concern reported on {words.day(self.concern.reported_on)}. What was reported stays as it was "
            "written: put it right in a case note or a significant event."
        )
        if self.with_place:
            return said
        return f"{said} Where it happened is an address that is not shown to you: ask {settings.DUTY_DESK}."

    def form_kwargs(self):
        return {"concern": self.concern, "with_place": self.with_place, "births": self.births()}

    def births(self):
        shown = [each["person"] for each in people_in(self.concern, self.user) if each["shown"]]
        return [
            Birth(person.known_as, person.born_on, person.birth_precision == BirthPrecision.ESTIMATED)
            for person in shown
            if person.born_on and person.birth_precision != BirthPrecision.EXPECTED
        ]

    def initial(self):
        return {**facts_of(self.concern), "version": self.concern.version}

    def submit(self, form):
        try:
            concern_facts.correct_concern(
                self.referral.reference,
                actor=self.user,
                concern=self.concern.reference,
                facts=form.facts(),
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except Changed:
            # The same form sent twice: what stands is what was typed.
            self.find(self.concern.reference)
            if changed_facts(self.concern, form.facts()):
                raise
        return reverse("referrals:concern", args=[self.concern.reference])

    def conflicts(self, form, refusal):
        theirs, yours = in_words_of(form, facts_of(self.concern)), in_words_of(form, form.cleaned_data)
        shown = self.form_class(**self.form_kwargs()).fields  # the place may be kept from the reader by now
        return [
            {"label": form.fields[name].label, "name": name, "theirs": theirs[name], "yours": yours[name]}
            for name in theirs
            if name in shown and theirs[name] != yours[name]
        ]


class SetRelationship(CaseFormPage):
    """What somebody in the concern is to the others: said anew, with a reason where it was said otherwise."""

    form_class = RelationshipForm
    tab = "people"
    looked_at_as = "set_relationship"
    done = "The relationship is saved."

    def prepare(self, reference, part):
        super().prepare(reference)
        self.part = part_of(self.referral, part, self.user)
        if self.part is None:
            raise Http404
        if not can_correct_concern(self.referral, self.user):
            raise Denied(record=self.record, verb="set_relationship")

    def get_title(self):
        return f"Relationship: {self.part.person.known_as}"

    @property
    def lead(self):
        return f"In the concern reported on {words.day(self.part.concern.reported_on)}."

    def initial(self):
        return {"was": self.part.relationship, "relationship": self.part.relationship}

    def versions_now(self, refusal):
        return {"was": refusal.now["relationship"]}

    def submit(self, form):
        cleaned = form.cleaned_data
        try:
            concern_facts.set_relationship(
                self.referral.reference,
                actor=self.user,
                part=self.part.pk,
                relationship=cleaned["relationship"],
                was=cleaned["was"],
                reason=cleaned["reason"],
            )
        except Changed as refusal:
            # The same form sent twice: what stands is what was typed.
            if refusal.now["relationship"] != cleaned["relationship"]:
                raise
        return reverse("referrals:people_tab", args=[self.referral.reference])

    def conflicts(self, form, refusal):
        return [each for each in super().conflicts(form, refusal) if each["name"] == "relationship"]
