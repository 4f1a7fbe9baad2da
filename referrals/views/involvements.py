"""Pages about parts in a concern: their status, where the concern belongs, and a child in two different parts."""

from django.http import Http404
from django.urls import reverse

from hsb.core import words
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.forms.involvements import ContextsForm, ReadBothForm, StatusForm
from referrals.permissions import can_find, can_set_contexts, can_set_status
from referrals.selectors.involved import part_of, status_in_words
from referrals.selectors.joining import concern_choices, concerns_of
from referrals.selectors.patterns import both_ways_note
from referrals.services import involvements, patterns
from referrals.states import FINDINGS
from referrals.views.bases import CaseFormPage
from referrals.views.verb import VerbPage


class SetStatus(CaseFormPage):
    """From alleged to admitted, established or unfounded, and back: with what it rests on, and why."""

    form_class = StatusForm
    tab = "people"
    looked_at_as = "set_status"
    done = "The status is saved."

    def prepare(self, reference, part):
        super().prepare(reference)
        self.part = part_of(self.referral, part, self.user)
        if self.part is None:
            raise Http404
        self.finds = can_find(self.referral, self.user)
        settled = self.part.status in FINDINGS and not self.finds
        if settled or not can_set_status(self.referral, self.user):
            raise Denied(record=self.record, verb="set_status")

    def get_title(self):
        return f"Status: {self.part.person.known_as}"

    @property
    def lead(self):
        stands = words.listed(map(words.lower_first, status_in_words(self.part)))
        return (
            f"{self.part.get_role_display()} in the concern reported on {words.day(self.part.concern.reported_on)}. "
            f"It is {stands}. What stood before stays in the chronology."
        )

    def form_kwargs(self):
        # A form that was opened before somebody else changed it still offers what it offered: the service says so.
        return {"was": self.request.POST.get("was") or self.part.status, "finds": self.finds}

    def initial(self):
        return {"version": self.referral.version, "was": self.part.status}

    def versions_now(self, refusal):
        return {**super().versions_now(refusal), "was": self.part.status}

    def submit(self, form):
        try:
            involvements.set_status(self.referral.reference, actor=self.user, part=self.part.pk, **form.cleaned_data)
        except Changed:
            # The same form sent twice: what stands is what was chosen.
            chosen = (form.cleaned_data["status"], form.cleaned_data["basis"], form.cleaned_data["since"])
            if (self.part.status, self.part.status_basis, self.part.status_since) != chosen:
                raise
        return reverse("referrals:people_tab", args=[self.referral.reference])


class SetContexts(CaseFormPage):
    """Family, peers, school, online, placement, community, group: said when it was logged, or later."""

    form_class = ContextsForm
    tab = "people"
    title = "Where in the children's lives it belongs"
    looked_at_as = "set_contexts"
    done = "It is saved."

    def prepare(self, reference):
        super().prepare(reference)
        if not can_set_contexts(self.referral, self.user):
            raise Denied(record=self.record, verb="set_contexts")
        self.concerns = concerns_of(self.referral)

    def form_kwargs(self):
        return {"concerns": concern_choices(self.concerns)}

    def initial(self):
        contexts = self.concerns[0].contexts if len(self.concerns) == 1 else []
        return {"version": self.referral.version, "contexts": contexts}

    def submit(self, form):
        chosen = form.cleaned_data.get("concern") or (self.concerns[0].reference if self.concerns else "")
        if not chosen:
            raise NotReady("This referral has no concern of which it could be said.")
        involvements.set_contexts(
            self.referral.reference,
            actor=self.user,
            concern=chosen,
            contexts=form.cleaned_data["contexts"],
            version=form.cleaned_data["version"],
        )
        return reverse("referrals:people_tab", args=[self.referral.reference])


class ReadBoth(VerbPage):
    form_class = ReadBothForm
    deed = "read_both"
    title = "Both concerns"
    template_name = "referrals/verbs/read_both.html"
    lead = (
        "This child displayed the behaviour in one concern and was harmed in another. Read both, and say what it means "
        "for the child. Both are true of the same child, and neither explains the other away."
    )

    def context(self):
        note = both_ways_note(self.reading)
        parts = note["parts"] if note else []
        return {
            **super().context(),
            "parts": [part | {"url": reverse("referrals:concern", args=[part["reference"]])} for part in parts],
        }

    def submit(self, form):
        patterns.read_both(self.referral.reference, actor=self.user, meaning=form.cleaned_data["meaning"])
        return self.after("It is recorded that you read both.")
