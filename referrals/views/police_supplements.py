"""What is added to a Form 87A that went out, by the pages of the form itself: drafted, approved, sent, answered."""

from hsb.core.borough_words import police_form
from referrals.forms.police import SupplementForm
from referrals.selectors import police as selectors
from referrals.selectors import police_supplements as standing
from referrals.services import police, police_supplements
from referrals.views.police import AnswerOfThePolice, Approval, OnABasisStep, PoliceStep, Sending


class SupplementStep(PoliceStep):
    """One step of what adds to a form that went out."""

    @property
    def version_in_work(self):
        return standing.in_work(self.police_referral)

    def sent_back(self):
        return selectors.supplement_sent_back(self.police_referral)


class PoliceSupplement(OnABasisStep, SupplementStep):
    form_class = SupplementForm
    deed = standing.WRITE
    of_the_draft = True

    def get_title(self):
        return f"Supplement {police_form()}"

    @property
    def lead(self):
        return (
            f"Say what is new since it was sent. {police_form()} itself stays as it went out. The pack is made anew, "
            "with what is recorded now; somebody else approves it before it is sent."
        )

    def initial(self):
        before = self.police_referral.latest_supplement()
        told = before if before is not None and before.sent_on is None else self.police_referral.latest_form()
        new = {} if told is before else {"known": "", "asked": ""}
        return {**super().initial(), **{name: getattr(told, name) for name in police.DRAFTED}, **new}

    def submit(self, form):
        cleaned = form.cleaned_data
        police_supplements.draft(
            self.police_referral.reference,
            actor=self.user,
            on=self.referral.reference,
            content=police.Draft(**{name: cleaned[name] for name in police.DRAFTED}),
            addresses=form.addresses(),
            version=cleaned["version"],
        )
        return self.back("The supplement is drafted. A manager who did not write it approves it next.")


class SupplementApprove(Approval, SupplementStep):
    deed = standing.APPROVE
    title = "Approve the supplement"
    service = police_supplements
    once_approved = "The supplement is approved. It is sent next, today."


class SupplementSent(Sending, SupplementStep):
    deed = standing.SEND
    title = "Record that the supplement was sent"
    service = police_supplements
    once_sent = "The supplement is recorded as sent."


class SupplementAnswer(AnswerOfThePolice, SupplementStep):
    deed = standing.ANSWER
    title = "Record what the police answered to the supplement"
    service = police_supplements
    once_acknowledged = "Recorded: the police have the supplement."
    once_refused = "Recorded: the police refused the supplement."

    @property
    def lead(self):
        return f"Whatever they answered to it, {police_form()} itself stays as it was sent."

    @property
    def version_in_work(self):
        return self.police_referral.unanswered_supplement()

    def form_kwargs(self):
        return {"acknowledged": False, "supplement": True}
