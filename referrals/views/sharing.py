"""What was shared about a child, and what was not; and what the family is told of an assessment or of a Form 87A."""

from django.http import Http404
from django.urls import reverse

from hsb.core import access
from hsb.core.borough_words import police_form, said
from referrals.forms.notes import NoteTellingForm
from referrals.forms.sharing import SharingForm
from referrals.models import RiskAssessment
from referrals.permissions import can_hold_back, can_hold_form_back, can_record_sharing
from referrals.selectors import consent as consent_reading
from referrals.selectors import deeds, held_back, police, significant
from referrals.selectors import sharing as reading
from referrals.selectors.notes import TELL
from referrals.services import sharing, telling
from referrals.states import ConsentPurpose
from referrals.views.bases import CasePage, Tells
from referrals.views.verb import VerbPage

A_MANAGER = "A manager decides when the family can be told."


class Sharing(CasePage):
    """Every episode of the child that the reader may open is read with it, and looked at."""

    template_name = "referrals/sharing.html"
    title = "What was shared"
    looked_at_as = "sharing"
    tab = "people"

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.episodes = significant.episodes(self.referral, self.user)

    @property
    def form_name(self):
        return police_form()

    def look(self):
        access.look_at_each(self.user, [episode.record for episode in self.episodes], self.looked_at_as)

    def context(self):
        return {**super().context(), "sharing": reading.sharing_page(self.referral, self.user, self.episodes)}


class RecordSharing(Tells, VerbPage):
    form_class = SharingForm
    deed = "record_sharing"
    title = "Record what was shared, or not shared"
    lead = (
        "This sends nothing: it says what was shared, with whom and why, or why it was not. Keeping a child safe does "
        "not wait for consent; say then why nobody was asked."
    )
    tab = "people"
    done = "It is recorded. Nobody can change it: what was wrong is recorded anew beside it."

    def find_standing(self, **kwargs):
        what = deeds.Deed(self.deed, self.title, "Before it can be recorded")
        allowed = can_record_sharing(self.referral, self.user)
        return deeds.Standing(what, in_time=True, allowed=allowed, unmet=reading.unmet(self.referral))

    def initial(self):
        return {}

    def form_kwargs(self):
        purposes = (ConsentPurpose.SCHOOL, ConsentPurpose.HEALTH)
        return {"consent": consent_reading.beside([self.referral], self.user, purposes=purposes)}

    def submit(self, form):
        sharing.record_sharing(self.referral.reference, actor=self.user, **form.answers())
        return reverse("referrals:sharing", args=[self.referral.reference])


class PaperTelling(VerbPage):
    """Whether the family is told of one paper: held back by whoever works with the case, told again by a manager.

    Override `find_paper()`, `choices_now()`, `may()` and `decide(decision, reason)`, which gives the page afterwards.
    """

    form_class = NoteTellingForm
    lead = "While it is held back the warning stands on it, and no page or letter for a family says what it says."

    def find_standing(self, **kwargs):
        self.paper = self.find_paper(**kwargs)
        if self.paper is None:
            raise Http404
        self.choices = self.choices_now()
        unmet = () if self.choices else (A_MANAGER,)
        what = deeds.Deed(self.deed, self.get_title(), "Before something else can be decided")
        return deeds.Standing(what, in_time=True, allowed=self.may(), unmet=unmet)

    def initial(self):
        return {}

    def form_kwargs(self):
        return {"choices": self.choices}

    def submit(self, form):
        self.done = "Recorded."
        return self.decide(form.cleaned_data["decision"], form.cleaned_data["reason"])


class AssessmentTelling(PaperTelling):
    deed = "assessment_telling"
    title = "What the family is told of this assessment"
    tab = "assessment"

    def find_paper(self, number):
        found = RiskAssessment.objects.filter(referral=self.referral, number=number).first()
        if found is not None:
            found.referral = self.referral
        return found

    def choices_now(self):
        return held_back.assessment_choices(self.paper, self.user)

    def may(self):
        return can_hold_back(self.referral, self.user)

    def decide(self, decision, reason):
        verb = telling.tell_assessment if decision == TELL else telling.hold_assessment_back
        verb(self.paper.reference, actor=self.user, reason=reason)
        return reverse("referrals:assessment_version", args=[self.referral.reference, self.paper.number])


class FormTelling(PaperTelling):
    deed = "form_telling"
    title = said("What the families are told of {form}")

    @property
    def lead(self):
        return (
            f"{police_form()} speaks of every child of its concern: what is decided here holds for all their families."
        )

    def find_paper(self, about):
        return police.of_referral(self.reading, about)

    def choices_now(self):
        return held_back.form_choices(self.paper, self.user)

    def may(self):
        return can_hold_form_back(self.paper, self.user)

    def decide(self, decision, reason):
        verb = telling.tell_form if decision == TELL else telling.hold_form_back
        verb(self.paper.reference, actor=self.user, reason=reason)
        return reverse("referrals:police_forms", args=[self.referral.reference])
