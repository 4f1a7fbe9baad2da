"""Who may open a record: restrict, lift, name a reader, bar, lift a bar."""

from datetime import datetime, time

from django.utils import timezone

from hsb.core import words
from referrals.forms.restrict import BarForm, LiftBarForm, LiftRestrictionForm, NameReaderForm, RestrictForm
from referrals.selectors.colleagues import user_at
from referrals.services import restricting
from referrals.views.verb import VerbPage


class Restrict(VerbPage):
    form_class = RestrictForm
    deed = "restrict"
    title = "Restrict this record"
    lead = (
        "All records here are need-to-know. On a restricted one only people who are named can open it: no team, no "
        "cover, no auditor."
    )

    def submit(self, form):
        restricting.restrict(
            self.referral.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            readers=form.cleaned_data["readers"],
        )
        return self.after("The record is restricted to the people who are named.")


class LiftRestriction(VerbPage):
    form_class = LiftRestrictionForm
    deed = "lift_restriction"
    title = "Lift the restriction"
    lead = "The record is need-to-know by team and role again. People who were only named lose it."

    def submit(self, form):
        restricting.lift_restriction(self.referral.reference, actor=self.user, reason=form.cleaned_data["reason"])
        return self.after("The restriction is lifted.")


class NameReader(VerbPage):
    form_class = NameReaderForm
    deed = "name_reader"
    title = "Name one more reader"

    def submit(self, form):
        cleaned = form.cleaned_data
        until = cleaned["until"]
        restricting.name_reader(
            self.referral.reference,
            actor=self.user,
            reader=cleaned["reader"],
            reason=cleaned["reason"],
            until=timezone.make_aware(datetime.combine(until, time(23, 59, 59))) if until else None,
        )
        return self.after(f"{cleaned['reader'].name} can open this record now.")


class Bar(VerbPage):
    form_class = BarForm
    deed = "bar"
    title = "Bar somebody from this child's records"
    lead = "For a conflict of interest. A bar beats everything, in an emergency too, on every record of this child."

    def submit(self, form):
        barred = form.cleaned_data["user"]
        restricting.bar(self.referral.reference, actor=self.user, user=barred, reason=form.cleaned_data["reason"])
        return self.after(f"{barred.name} can open nothing of this child from now on.")


class LiftBar(VerbPage):
    form_class = LiftBarForm
    deed = "lift_bar"
    title = "Lift a bar"

    def form_kwargs(self):
        return {
            "bars": [
                (bar.user.reference, f"{bar.user.name}, barred by {bar.set_by.name} on {words.day(bar.set_at)}")
                for bar in self.reading.bars
            ]
        }

    def submit(self, form):
        user = user_at(form.cleaned_data["user"])
        restricting.lift_bar(self.referral.reference, actor=self.user, user=user, reason=form.cleaned_data["reason"])
        return self.after(f"The bar on {user.name} is lifted.")
