"""What one request has read of a referral, each thing once: the frame, the tabs and the doors share it."""

from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects

from hsb.core import door
from hsb.core.models import AccessBar
from referrals.models import Allocation, Offer, PoliceReferral, RiskAssessment
from referrals.states import IN_SERVICE, AssessmentState, MeetingDecisionState, OfferState, PoliceReferralState

OPEN_MEETING = (MeetingDecisionState.REQUESTED, MeetingDecisionState.CONVENED)


class Reading:
    """One referral as one reader sees it during one request. Nothing here is read under a lock."""

    def __init__(self, referral, user):
        self.referral, self.user = referral, user

    @classmethod
    def of(cls, referral, user):
        """The reading of this object by this user, made once: what one page asks twice is read once."""
        known = referral.__dict__.get("_reading")
        if known is None or known.user is not user:
            known = referral.__dict__["_reading"] = cls(referral, user)
        return known

    # --- Who the reader is -----------------------------------------------------------------------------------------
    def holds(self, task):
        """Whether an open task is this reader's: named, or asked of a role they hold in its team."""
        if task.owner_id:
            return task.owner_id == self.user.pk
        return task.team_id in self.user.teams_as(task.role)

    # --- What hangs on the referral --------------------------------------------------------------------------------
    @cached_property
    def tasks(self):
        """Open tasks, the first due first."""
        return list(
            self.referral.record.tasks.open().select_related("owner", "team").order_by("due_on", "opened_at", "pk")
        )

    @cached_property
    def spells(self):
        """Who had the child when, the present spell last."""
        return self._prefetched("allocations", Allocation, "team", "from_team", "worker", "decided_by")

    def _prefetched(self, related, model, *named):
        """Rows that the door's guards then find on the referral too (models.Referral.known)."""
        rows = Prefetch(related, queryset=model.objects.select_related(*named))
        prefetch_related_objects([self.referral], rows)
        return list(getattr(self.referral, related).all())

    @property
    def spell(self):
        """The present spell, or None: nobody has the child before a decision, or after the end."""
        if self.referral.is_undecided or self.referral.has_ended:
            return None
        return next((spell for spell in self.spells if spell.ends_on is None), None)

    @cached_property
    def offers(self):
        """Every request to another team, in the order they were made."""
        rows = self._prefetched("offers", Offer, "record", "to_team", "offered_by", "answered_by")
        return sorted(rows, key=lambda offer: (offer.offered_at, offer.pk))

    @property
    def offer(self):
        """The request to another team that waits for an answer, or None."""
        if self.referral.state not in IN_SERVICE:
            return None
        return next((offer for offer in self.offers if offer.state == OfferState.OFFERED), None)

    @cached_property
    def meeting_decisions(self):
        return list(self.referral.meeting_decisions.select_related("requested_by", "decided_by"))

    @property
    def meeting_decision(self):
        """The request for a strategy meeting that is asked or to be convened, or None."""
        return next((m for m in self.meeting_decisions if m.state in OPEN_MEETING), None)

    @cached_property
    def police_referrals(self):
        """Every Form 87A of the referral's concerns."""
        return list(
            PoliceReferral.objects.filter(concern__in=self.referral.involvements.values("concern"))
            .select_related("record", "resolved_by", "concern")
            .order_by("needed_since", "pk")
        )

    @property
    def police_referrals_needed(self):
        return [form for form in self.police_referrals if form.state == PoliceReferralState.NEEDED]

    @cached_property
    def protections(self):
        return list(self.referral.protections.select_related("recorded_by", "followed_up_by"))

    @property
    def protections_to_follow_up(self):
        return [protection for protection in self.protections if protection.followed_up_on is None]

    @cached_property
    def latest_assessment(self):
        self._prefetched("assessments", RiskAssessment, "submitted_by", "brook_by")
        return self.referral.latest_assessment()

    @property
    def has_submitted_reassessment(self):
        if self.referral.is_undecided or self.referral.has_ended:
            return False
        latest = self.latest_assessment
        return latest is not None and latest.state == AssessmentState.SUBMITTED

    @cached_property
    def bars(self):
        """Who may never open anything of this child."""
        return list(
            AccessBar.objects.filter(record=self.referral.person_id, lifted_at__isnull=True).select_related(
                "user", "set_by"
            )
        )

    # --- The door --------------------------------------------------------------------------------------------------
    @cached_property
    def verbs_of_state(self):
        """The names of the verbs that the referral's present state has, whoever asks."""
        return {t.name for t in self.referral.get_available_state_transitions_whatever_the_guards()}

    @cached_property
    def doors(self):
        """Verb -> hsb.core.door.Door, of those this reader may use now."""
        if not (self.referral.is_undecided or self.referral.has_ended):
            _ = self.spells, self.offers  # the guards and permissions of a service ask for these
        _ = self.latest_assessment
        return {found.verb: found for found in door.doors(self.referral, self.user)}
