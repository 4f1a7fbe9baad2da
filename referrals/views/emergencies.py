"""A manager reviews that somebody opened the record in an emergency."""

from functools import cached_property

from referrals.forms.emergencies import ReviewBreakGlassForm
from referrals.selectors import emergencies
from referrals.services.emergencies import review
from referrals.views.verb import VerbPage


class ReviewBreakGlass(VerbPage):
    form_class = ReviewBreakGlassForm
    template_name = "referrals/verbs/review_break_glass.html"
    deed = "review_break_glass"
    title = "Review the opening of this record in an emergency"

    @property
    def opening(self):
        return self.reading.opening_to_review

    @cached_property
    def facts(self):
        return emergencies.facts(self.opening)

    def initial(self):
        return {**super().initial(), "number": self.opening.number}

    def form_kwargs(self):
        return {"is_live": self.facts["is_live"]}

    def context(self):
        return {**super().context(), "opening": self.facts}

    def takes_up(self, draft):
        return draft.data.get("number") == [str(self.opening.number)]

    def submit(self, form):
        cleaned = form.cleaned_data
        if cleaned["number"] != self.opening.number:
            self.refuse_as_moved()
        review(
            self.referral.reference,
            actor=self.user,
            number=cleaned["number"],
            finding=cleaned["finding"],
            what_follows=cleaned["what_follows"],
            end_now=bool(cleaned.get("end_now")),
        )
        return self.after("Your review is kept on the record.")
