"""A manager answers somebody who asked for access to the record."""

from referrals.forms.access_requests import AnswerAccessForm
from referrals.selectors import access_requests
from referrals.services.access_requests import answer
from referrals.views.verb import VerbPage


class AnswerAccess(VerbPage):
    form_class = AnswerAccessForm
    template_name = "referrals/verbs/answer_access.html"
    deed = "answer_access"
    title = "Somebody asks for access to this record"

    @property
    def asked(self):
        return self.reading.request_to_answer

    def initial(self):
        return {**super().initial(), "number": self.asked.number, "days": self.asked.days}

    def context(self):
        return {**super().context(), "asked": access_requests.facts(self.asked)}

    def takes_up(self, draft):
        return draft.data.get("number") == [str(self.asked.number)]

    def submit(self, form):
        cleaned = form.cleaned_data
        if cleaned["number"] != self.asked.number:
            self.refuse_as_moved()
        asked = answer(
            self.referral.reference,
            actor=self.user,
            number=cleaned["number"],
            granted=cleaned["granted"],
            days=cleaned["days"],
            reason=cleaned["reason"] or "",
        )
        return self.after(f"{asked.by.name} is told: {access_requests.answer_in_words(asked)}.")
