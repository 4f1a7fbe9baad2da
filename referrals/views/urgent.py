"""What waits for nothing: immediate protection, and its follow-up."""

from django.urls import reverse

from referrals.forms.urgent import FollowUpProtectionForm, ProtectionForm
from referrals.selectors.beside import at_or_on
from referrals.services import urgent
from referrals.views.verb import VerbPage


class CarriedOn(VerbPage):
    """An urgent record: on an ended referral it is carried by a new linked episode."""

    @property
    def warning(self):
        if not self.referral.has_ended:
            return ""
        return (
            "This referral has ended and stays as it is. What you record opens a new linked episode of this child, or "
            "goes to the child's referral that is open."
        )

    def carried_by(self, referral, what):
        """Says on which referral it stands, and goes there if the reader may open it."""
        if referral.pk == self.referral.pk:
            return self.after(f"{what} is recorded.")
        self.done = f"{what} is recorded on {referral.reference}, which follows {self.referral.reference}."
        shown = referral if self.sees(referral.reference) else self.referral
        return reverse("referrals:case", args=[shown.reference])


class Protection(CarriedOn):
    form_class = ProtectionForm
    deed = "protection"
    title = "Record immediate protection"
    lead = "If a child is in danger now, call 999 first. This needs nobody's approval."

    def submit(self, form):
        cleaned = form.cleaned_data
        referral = urgent.record_protection(
            self.referral.reference,
            actor=self.user,
            once=cleaned["once"],
            what=cleaned["what"],
            done_on=cleaned["done"].day,
            done_at=cleaned["done"].time,
            who_was_told=cleaned["who_was_told"],
        )
        return self.carried_by(referral, "Immediate protection")


class FollowUpProtection(VerbPage):
    form_class = FollowUpProtectionForm
    deed = "follow_up_protection"
    title = "Follow up the immediate protection"

    def waiting(self):
        return {str(protection.once): protection for protection in self.reading.protections_to_follow_up}

    def form_kwargs(self):
        return {
            "protections": [
                (key, f"{at_or_on(p.done_on, p.done_at)}, recorded by {p.recorded_by.name}")
                for key, p in self.waiting().items()
            ]
        }

    def submit(self, form):
        cleaned = form.cleaned_data
        urgent.follow_up_protection(
            self.referral.reference,
            actor=self.user,
            protection=self.waiting()[cleaned["protection"]],
            follow_up=cleaned["follow_up"],
            followed_up_on=cleaned["followed_up_on"],
        )
        return self.after("The follow-up is recorded.")
