"""What a family may be told about a concern."""

from dataclasses import replace

from referrals.forms.telling import TELL_AGAIN, TellingForm
from referrals.selectors.telling import choices_for
from referrals.services import telling
from referrals.views.bases import Tells
from referrals.views.verb import VerbPage


class Telling(Tells, VerbPage):
    form_class = TellingForm
    deed = "telling"
    title = "What the families may be told"
    lead = (
        "While it is held back, the warning stands wherever the concern is read, and no family letter can be made. It "
        "never stops safety, plan or assessment."
    )

    def find_standing(self, **kwargs):
        found = super().find_standing(**kwargs)
        self.choices = choices_for(self.reading) if found.allowed else []
        return found if self.choices else replace(found, unmet=("A manager decides when the families can be told.",))

    def form_kwargs(self):
        return {"choices": self.choices}

    def submit(self, form):
        verb, concern = form.chosen()
        decide = telling.tell_again if verb == TELL_AGAIN else telling.hold_back
        decide(self.referral.reference, actor=self.user, concern=concern, reason=form.cleaned_data["reason"])
        told = "the families can be told" if verb == TELL_AGAIN else "nothing is told to the families yet"
        return self.after(f"Recorded: {told}.")
