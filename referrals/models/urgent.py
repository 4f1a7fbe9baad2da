"""What never queues behind paper: immediate protection, and calls to the police."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from hsb.core.models import AccessBar
from hsb.people.states import Role
from referrals.models.concerns import Concern, Involvement
from referrals.models.referrals import Referral
from referrals.states import InvolvementStatus, ReferralState


class Protection(models.Model):
    """Immediate protection: what was done, when, who was told. Needs nobody's approval (B3)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="protections")
    what = models.TextField()
    done_on = models.DateField()
    done_at = models.TimeField(null=True, blank=True)
    who_was_told = models.TextField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    followed_up_on = models.DateField(null=True, blank=True)
    followed_up_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    follow_up = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Protection {self.done_on}"


def _among(name, concerns):
    """The lookup `name` is one of these concerns, or the one that an OuterRef names."""
    return {name: concerns} if isinstance(concerns, OuterRef) else {f"{name}__in": concerns}


class PoliceCallQuerySet(models.QuerySet):
    def recorded_on(self, referral):
        """On this referral's own record: recorded there, or come along when another was attached to it."""
        return self.filter(Q(referral=referral) | Q(moved_from=referral))

    def of_concerns(self, concerns):
        """Recorded since one of the concerns was logged, on any of its children's referrals."""
        return self._since_logged(concerns).distinct()

    def _since_logged(self, concerns):
        """A row for each part that a child has in one of the concerns: the same call can stand there more than once."""
        return self.filter(
            recorded_at__gte=F("referral__involvements__concern__recorded_at"),
            **_among("referral__involvements__concern", concerns),
        )

    def of_each_concern(self, concerns, user, referral):
        """The calls about each of these concerns, as `read_by` gives them for it alone; `of_concern` is which."""
        about = self._since_logged(concerns).annotate(of_concern=F("referral__involvements__concern"))
        return about.read_by(user, referral, OuterRef("of_concern")).distinct()

    def read_by(self, user, referral, concerns):
        """As the pages of `referral` show them to `user`, for these of its concerns. Each with

        opens: whether `user` may open a record on which it stands;
        told: whether one who may not is told that there was a call: nobody who is barred from its child, nor where the
        part that the referral's own child had in it is unfounded;
        holds: whether its advice was given for every child of one of the concerns;
        stands: whether it holds, and the police have not lifted it;
        managed: a key, where its advice was given for a child of a team that `user` manages; else None.
        """
        either = Q(pk=OuterRef("referral")) | Q(pk=OuterRef("moved_from"))
        bars = AccessBar.objects.filter(user=user, record=OuterRef("referral__person"), lifted_at__isnull=True)
        founded = Involvement.objects.exclude(status=InvolvementStatus.UNFOUNDED).filter(
            referral=referral,
            concern__recorded_at__lte=OuterRef("recorded_at"),
            concern__involvements__referral=OuterRef("referral"),
            **_among("concern", concerns),
        )
        ticked = PoliceCall.advice_for.through.objects.filter(policecall=OuterRef("pk"), **_among("concern", concerns))
        return self.annotate(
            # One value, not Exists: that, PostgreSQL may answer for every call of the borough at once.
            managed=Subquery(_managed_children(user).filter(policecall=OuterRef("pk")).values("pk")[:1]),
            opens=Exists(Referral.objects.visible_to(user).filter(either)),
            told=~Exists(bars) & Exists(founded),
            holds=Exists(ticked),
            stands=Exists(ticked) & Q(lifted_on__isnull=True),
        ).select_related(
            "recorded_by",
            "referral__record__holding_team",
            "referral__person__record",
            "moved_from__record",
            "lifted_by",
        )


class PoliceCall(models.Model):
    """A telephone call to the police, 999 or other: who was spoken to, what they said."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="police_calls")
    emergency = models.BooleanField()
    called_on = models.DateField()
    called_at = models.TimeField(null=True, blank=True)
    spoke_to = models.CharField(max_length=200)
    police_reference = models.CharField(max_length=60, blank=True)
    what_was_said = models.TextField()
    advice = models.TextField(blank=True)
    # Whoever may open a child of these concerns reads the advice (decision 18).
    advice_for = models.ManyToManyField(Concern, related_name="+")
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    # Where it was recorded, if that referral was attached to another since: calls go along with their concerns.
    moved_from = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="police_calls_moved"
    )

    # When the police lifted what they had advised for every child; the advice stays as it was given.
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    objects = PoliceCallQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="police_call_lifted_by_whom_and_why",
            )
        ]

    def __str__(self):
        return f"Police called {self.called_on}"

    @property
    def recorded_on(self):
        """The referral on whose pages it was recorded."""
        return self.moved_from or self.referral

    def advises_for(self, referral):
        """Whether its advice was given for every child of one of the referral's concerns."""
        return self.advice_for.filter(involvements__referral=referral).exists()

    def advises_team_of(self, user):
        """Whether `user` manages the team that has, or last had, a child for whom its advice was given."""
        if "managed" in self.__dict__:
            return self.managed is not None  # read_by, for this reader
        return _managed_children(user).filter(policecall=self.pk).exists()


def _managed_children(user):
    """For whom calls' advice was given: children whom a team that `user` manages has, or had last."""
    return PoliceCall.advice_for.through.objects.filter(
        concern__involvements__referral__state__in=[
            state for state in ReferralState if state != ReferralState.ATTACHED
        ],
        concern__involvements__referral__record__holding_team__in=sorted(user.teams_as(Role.MANAGER)),
    ).order_by()
