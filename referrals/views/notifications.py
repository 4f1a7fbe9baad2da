"""What the police told us of a child: recorded on their pages, what followed, and when the family may be told."""

from django.http import Http404
from django.urls import reverse

from hsb.core.borough_words import police_notification, police_notification_within, said
from referrals.forms.case_documents import LetDiscloseForm
from referrals.forms.notifications import FollowNotificationForm, NotificationForm
from referrals.permissions import can_follow_notification, can_tell_again
from referrals.selectors import deeds
from referrals.selectors import notifications as selectors
from referrals.selectors.joining import concern_choices, concerns_of
from referrals.services import notifications
from referrals.views.verb import VerbPage


class NotificationPage(VerbPage):
    def back(self, done):
        self.after(done)
        return reverse("referrals:police_forms", args=[self.referral.reference])


class RecordNotification(NotificationPage):
    form_class = NotificationForm
    deed = "record_notification"
    title = said("Record a {notification}")
    lead = (
        "What the police told us of this child. No family reads it, and no letter to a family repeats it, until a "
        "manager has agreed that with the police."
    )

    def form_kwargs(self):
        return {
            "children": selectors.children_to_name(self.referral, self.user),
            "concerns": concern_choices(concerns_of(self.referral)),
            "letters": selectors.letters_of(self.referral),
        }

    def submit(self, form):
        cleaned = form.cleaned_data
        notifications.record(
            self.referral.reference,
            actor=self.user,
            once=cleaned["once"],
            received_on=cleaned["received"].day,
            received_at=cleaned["received"].time,
            unit=cleaned["unit"],
            officer=cleaned["officer"],
            police_reference=cleaned["police_reference"],
            how=cleaned["how"],
            says=cleaned["says"],
            children=cleaned["children"],
            concern=cleaned.get("concern") or "",
            document=cleaned.get("letter") or "",
            do_not_disclose=cleaned["do_not_disclose"],
        )
        return self.back(f"The {police_notification_within()} is recorded.")


class OneNotification(NotificationPage):
    """A page of one of them. Override `in_time()` and `may()`."""

    def prepare(self, reference, notification):
        self.key = notification
        super().prepare(reference=reference, notification=notification)

    def find_standing(self, **kwargs):
        self.notification = selectors.one_of(self.referral, self.key)
        if self.notification is None:
            raise Http404
        return deeds.Standing(deeds.Deed(self.deed, ""), self.in_time(), self.may())

    @property
    def lead(self):
        return selectors.title_of(self.notification)

    def initial(self):
        return {}


class FollowNotification(OneNotification):
    form_class = FollowNotificationForm
    deed = "follow_notification"

    def get_title(self):
        return f"What followed from a {police_notification_within()}"

    @property
    def state_in_words(self):
        return f"{police_notification()}: everything that followed is recorded"

    def in_time(self):
        return not selectors.is_followed(self.notification)

    def may(self):
        return can_follow_notification(self.notification, self.user)

    def form_kwargs(self):
        row = self.notification
        lacks = {"acknowledged": row.acknowledged_on is None, "discussion": row.discussion_asked_on is None}
        return {
            "concerns": concern_choices(concerns_of(self.referral)) if row.concern_id is None else [],
            "letters": selectors.letters_of(self.referral) if not selectors.has_letter(row) else [],
            "lacks": {name for name, is_missing in lacks.items() if is_missing},
        }

    def submit(self, form):
        cleaned = form.cleaned_data
        notifications.follow(
            self.referral.reference,
            actor=self.user,
            notification=self.notification,
            acknowledged_on=cleaned.get("acknowledged_on"),
            acknowledged_to=cleaned.get("acknowledged_to") or "",
            concern=cleaned.get("concern") or "",
            document=cleaned.get("letter") or "",
            grounds=cleaned.get("grounds") or "",
        )
        return self.back("What followed is recorded.")


class TellNotification(OneNotification):
    form_class = LetDiscloseForm
    deed = "tell_notification"

    def get_title(self):
        return f"A {police_notification_within()} can be disclosed"

    @property
    def state_in_words(self):
        return f"{police_notification()}: it can be disclosed"

    def in_time(self):
        return self.notification.do_not_disclose

    def may(self):
        return can_tell_again(self.referral, self.user) and can_follow_notification(self.notification, self.user)

    def submit(self, form):
        notifications.let_disclose(
            self.referral.reference,
            actor=self.user,
            notification=self.notification,
            reason=form.cleaned_data["reason"],
        )
        return self.back("Recorded: the family can be told of it.")
