"""PoliceNotification: what the police told us of a child, on their own form or otherwise (practice.md A14, B21)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hsb.core.keys import is_in
from referrals.models.case_documents import CaseDocument
from referrals.models.concerns import Concern
from referrals.models.referrals import Referral
from referrals.states import NotificationRoute


class PoliceNotificationQuerySet(models.QuerySet):
    def read_through(self, referral):
        """Those about the child of `referral`: ticked for it, or for a referral that was attached to it.

        One about a referral that was restricted by itself stays with that referral's own readers.
        """
        attached = Q(referral__attached_to=referral, referral__record__restricted=False)
        named = self.model.children.through.objects.filter(policenotification=OuterRef("pk"))
        return self.filter(Exists(named.filter(Q(referral=referral) | attached)))

    def held_back(self):
        return self.filter(do_not_disclose=True)


class PoliceNotification(models.Model):
    # On whose pages it was recorded.
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    # Of whom it speaks: the referral itself, or other children of its concerns. What it says opens only for who may
    # open every one of them.
    children = models.ManyToManyField(Referral, related_name="police_notifications")
    # To which concern it was attached; none while nobody has decided that.
    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="police_notifications"
    )
    received_on = models.DateField()
    received_at = models.TimeField(null=True, blank=True)
    unit = models.CharField(max_length=200)
    officer = models.CharField(max_length=200, blank=True)
    police_reference = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=20, choices=NotificationRoute.choices)
    # In neutral words.
    says = models.TextField()
    do_not_disclose = models.BooleanField(default=True)
    # The letter itself, among the documents of the child.
    document = models.ForeignKey(CaseDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # What followed.
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_to = models.CharField(max_length=200, blank=True)
    discussion_asked_on = models.DateField(null=True, blank=True)
    once = models.UUIDField(unique=True)

    objects = PoliceNotificationQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True, acknowledged_to="")
                | (Q(acknowledged_on__isnull=False) & ~Q(acknowledged_to="")),
                name="police_notification_acknowledged_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(acknowledged_on__gte=models.F("received_on")),
                name="police_notification_acknowledged_after",
            ),
            models.CheckConstraint(
                condition=Q(discussion_asked_on__isnull=True) | Q(discussion_asked_on__gte=models.F("received_on")),
                name="police_notification_discussion_after",
            ),
        ]

    def __str__(self):
        return f"Notification {self.received_on}"

    def hidden_from(self, user):
        """The children of it whose records `user` may not open."""
        opened = Referral.objects.visible_to(user).order_by()
        here = self.children.filter(~is_in(opened), ~is_in(opened, "attached_to"))
        return list(here.select_related("record__holding_team", "person__record"))
