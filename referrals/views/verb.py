"""The base of every verb's page: it opens when the verb can be done, and says who was first when it cannot.

Too early or too late is 409, no right to it 403, a record the reader may not open 404: on GET as on POST.
"""

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import Refusing
from hsb.core.refusals import Denied
from referrals.selectors import deeds
from referrals.selectors.reading import Reading
from referrals.views.bases import CaseFormPage


class VerbPage(Refusing, CaseFormPage):
    """`deed` is the key of selectors.deeds.DEEDS; override `submit(form)`: one service call, then `self.after(...)`."""

    deed = ""
    # Shown above the form: a sentence, and what follows from going on.
    lead = ""
    warning = ""

    @property
    def looked_at_as(self):
        return self.deed

    @property
    def reading(self):
        return Reading.of(self.referral, self.user)

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.standing = self.find_standing(**kwargs)
        if not self.standing.in_time:
            self.refuse_as_moved()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)

    @property
    def state_in_words(self):
        return self.referral.state_in_words

    def find_standing(self, **kwargs):
        """How the deed stands for the reader: selectors.deeds.Standing."""
        return deeds.standing(self.reading, self.deed)

    def initial(self):
        return {**super().initial(), "version": self.referral.version}

    def get(self, request, *args, **kwargs):
        if self.standing.unmet:
            return self.show(status=409, form=None, template="referrals/verbs/not_ready.html", standing=self.standing)
        return super().get(request, *args, **kwargs)

    def show(self, status=200, template="", **more):
        self.template_name = template or self.template_name
        return super().show(status, **more)

    # --- Where to go ------------------------------------------------------------------------------------------------
    def after(self, done="", referral=None):
        """Says what was done, and gives the case's URL, or "My work" where the reader may not open it any more."""
        reference = (referral or self.referral).reference
        self.done = done if not done or self.sees(reference) else f"{done} You can no longer open it."
        return self.case_url(reference)

    def case_url(self, reference):
        if self.sees(reference):
            return reverse("referrals:case", args=[reference])
        return reverse("overview:my_work")

    # --- Somebody else was first --------------------------------------------------------------------------------------
    def moved(self, refusal):
        """409: who was first, when, what is true now; what was typed is kept in view, nothing was saved."""
        template = "409_moved.html" if self.sees(refusal.reference) else "referrals/verbs/moved_away.html"
        return self.show_moved(refusal, self.case_url(refusal.reference), template)


class TabVerb(VerbPage):
    """A verb on what the tab `tab` lists, which selectors.deeds.DEEDS does not know; afterwards, that tab again.

    Override `may()`, and `in_time()` where it can be too late.
    """

    tab = ""

    def may(self):
        raise NotImplementedError

    def in_time(self):
        return True

    def find_standing(self, **kwargs):
        return deeds.Standing(deeds.Deed(self.deed, self.title), self.in_time(), self.may())

    def back(self, done):
        self.after(done)
        return reverse(f"referrals:{self.tab}", args=[self.referral.reference])


class RecordsAnew:
    """Before a VerbPage that records a row of models.RecordedAnew anew: override `row_at(number)`. The page around it
    has `standing_of(in_time=...)`."""

    def row_at(self, number):
        raise NotImplementedError

    def prepare(self, reference, number, **kwargs):
        self.number = number
        super().prepare(reference)

    def find_standing(self, **kwargs):
        self.old = self.row_at(self.number)
        if self.old is None:
            raise Http404
        newer = getattr(self.old, "replaced_by", None)
        return self.standing_of(in_time=newer is None or self.is_sent_twice(newer))

    def is_sent_twice(self, newer):
        """A double click finds what the first one made."""
        return newer.recorded_by_id == self.user.pk and self.request.POST.get("once") == str(newer.once)

    @property
    def state_in_words(self):
        return f"{self.old.reference} was recorded anew"


class EndingPage(VerbPage):
    """A verb that cannot be undone is asked twice: the form, then a page that says what follows.

    `ends(form)` says whether what was chosen ends the referral, `unmet(form)` what stands in the way (said before
    anybody is asked whether they are sure), `what_follows(form)` what happens then.
    """

    confirm_title = "Are you sure?"
    confirm_button = "Yes, close this referral"

    def ends(self, form):
        return True

    def unmet(self, form):
        return self.standing.unmet

    def what_follows(self, form):
        return []

    def post(self, request, *args, **kwargs):
        if "change" in request.POST:
            form = self.bound_form(request.POST)
            form._errors = {}
            return self.show(form=form)
        if "confirmed" not in request.POST and "throw_away_draft" not in request.POST:
            form = self.bound_form(request.POST)
            if form.is_valid() and self.ends(form):
                if not self.unmet(form):
                    return self.ask_again(form)
                return self.refused(form, *self.unmet(form))
        return super().post(request, *args, **kwargs)

    def ask_again(self, form):
        kept = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "confirmed", "change")
            for value in values
        ]
        return self.show(
            template="referrals/verbs/confirm.html", form=None, kept=kept, sentences=self.what_follows(form)
        )
