"""Offer a child to another borough, and record what they answered."""

from referrals.forms.transferring import AnswerTransferForm, OfferTransferForm
from referrals.selectors import beside
from referrals.services import transferring
from referrals.services.weighing import WEIGHED, Weighed
from referrals.states import TransferState
from referrals.views.verb import EndingPage, VerbPage


class OfferTransfer(VerbPage):
    form_class = OfferTransferForm
    deed = "offer_transfer"
    title = "Offer to another borough"
    lead = "Record here what you sent. The child stays with your team, and its clocks go on, until they have accepted."

    def submit(self, form):
        sent = {name: told for name, told in form.cleaned_data.items() if name not in WEIGHED}
        transferring.offer_transfer(self.referral.reference, actor=self.user, weighed=Weighed(**form.weighed()), **sent)
        return self.after("The offer is recorded. The child stays with your team until the other borough has accepted.")


class AnswerTransfer(EndingPage):
    form_class = AnswerTransferForm
    template_name = "referrals/verbs/transfer.html"
    deed = "answer_transfer"
    title = "Record the other borough's answer"

    @property
    def transfer(self):
        return self.reading.transfer

    def initial(self):
        return {**super().initial(), "version": self.transfer.version}

    def form_kwargs(self):
        return {"sent_on": self.transfer.sent_on}

    def context(self):
        return {
            **super().context(),
            "transfer": beside.transfer_note(self.transfer, self.reading.weighed_for(self.transfer)),
        }

    def ends(self, form):
        return form.cleaned_data["decision"] == TransferState.ACCEPTED

    def unmet(self, form):
        door = self.reading.doors.get("transfer_out")
        return door.unmet if door is not None else ()

    def what_follows(self, form):
        yield f"{self.referral.person.known_as}, {self.referral.reference}, is closed today as transferred."
        yield "Its open tasks end. The last team's managers and the last worker can still open it."

    def submit(self, form):
        answer = dict(form.cleaned_data)
        decision = answer.pop("decision")
        verb = {
            TransferState.ACCEPTED: transferring.accept,
            TransferState.REFUSED: transferring.refuse,
            TransferState.WITHDRAWN: transferring.withdraw,
        }[decision]
        verb(self.transfer.reference, actor=self.user, **answer)
        if decision == TransferState.ACCEPTED:
            return self.after(f"{self.referral.reference} is closed: the other borough has the child.")
        return self.after("Recorded. The child stays with your team.")
