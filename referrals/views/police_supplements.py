"""What is added to a Form 87A that went out, by the pages of the form itself: drafted, approved, sent, answered."""

from hsb.core.borough_words import police_form
from referrals.forms.police import APPROVE, PoliceApproveForm, PoliceSentForm, SupplementForm
from referrals.selectors import police as selectors
from referrals.selectors import police_supplements as standing
from referrals.services import police, police_supplements
from referrals.views.police import AnswerOfThePolice, OnABasisStep, PoliceStep


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
            version=cleaned["version"],
        )
        return self.back("The supplement is drafted. A manager who did not write it approves it next.")


class SupplementApprove(SupplementStep):
    form_class = PoliceApproveForm
    deed = standing.APPROVE
    shows_version = of_the_draft = True
    title = "Approve the supplement"
    lead = "The pack is made as it stands here, with the HSB risk assessment of each child."

    def submit(self, form):
        cleaned = form.cleaned_data
        same = {"actor": self.user, "version": cleaned["version"]}
        if cleaned["decision"] == APPROVE:
            police_supplements.approve(self.police_referral.reference, **same)
            return self.back("The supplement is approved. It is sent next, today.")
        police_supplements.return_to_drafter(self.police_referral.reference, reason=cleaned["reason"], **same)
        return self.back("Returned to whoever drafted it, with your reason.")


class SupplementSent(SupplementStep):
    form_class = PoliceSentForm
    deed = standing.SEND
    title = "Record that the supplement was sent"
    lead = "Send the pack first, as it was approved. Then record here how it went out."

    def initial(self):
        form = self.version_in_work
        return {**super().initial(), "sent_to": form.recipient if form else ""}

    def submit(self, form):
        cleaned = form.cleaned_data
        police_supplements.record_sent(
            self.police_referral.reference,
            actor=self.user,
            sent_to=cleaned["sent_to"],
            sent_how=cleaned["sent_how"],
            sent_on=cleaned["sent"].day,
            sent_at=cleaned["sent"].time,
            version=cleaned["version"],
        )
        return self.back("The supplement is recorded as sent.")


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
        return {"acknowledged": False}
