"""A child's referral takes in what belongs to it: a further concern, and one in which too little was known (B22)."""

from hsb.core import clock, journal, work
from hsb.core.door import opened
from hsb.people.states import Role
from referrals.models import RiskAssessment
from referrals.services import episodes, holders, patterns, police
from referrals.states import NEEDS_REFERRAL, AssessmentState, InvolvementStatus


def take_in(referral, *, actor, tell=True):
    """An open referral that a concern was attached to asks what the concern asks, and its holder is told (B1, B22).

    Whoever has the child looks at the new concern within a working day.
    """
    referral.side = holders.side_of(referral)
    police.show_unresolved(referral, actor=actor)
    referral.version += 1  # whoever decides on what stood before is told
    referral.save(update_fields=["side", "version"])
    if tell:
        ask_to_look(referral)
    holders.refresh_due(referral)


def ask_to_look(referral):
    """Whoever has the child looks at the concern that is new, or in which somebody is."""
    if referral.worker_id:
        whose = {"owner": referral.worker}
    else:
        role = Role.PRACTITIONER if referral.is_undecided else Role.MANAGER
        whose = {"team": referral.record.holding_team, "role": role}
    work.ask(referral.record, "new_concern", **whose)


def says_nothing(referral):
    """Who has a restricted record says nothing of it elsewhere, not even by their name (B15)."""
    return referral.record.restricted or referral.person.record.restricted


def no_longer_answers(referral, *, actor):
    """What came to light after the approval is not what the assessment answers: it goes stale (B17).

    Whoever brought it to light need not open this child's record. Call with it locked.
    """
    latest = referral.latest_assessment()
    if latest is not None and latest.state == AssessmentState.APPROVED:
        with opened(RiskAssessment, latest.reference, "go_stale", actor=actor, known=True):
            pass


def open_now_named(person, *, actor):
    """A child who waited in a concern because too little was known gets a referral now. Returns it, or None.

    Call in the transaction that changed the person's details. The child's open referral takes the concern in.
    """
    waiting = person.involvements.filter(referral__isnull=True, role__in=NEEDS_REFERRAL)
    parts = list(waiting.exclude(status=InvolvementStatus.UNFOUNDED).select_related("concern__record").order_by("pk"))
    if not parts or person.first_name_only or person.is_adult or not person.ours:
        return None
    concerns = list(dict.fromkeys(part.concern.reference for part in parts))
    referral = episodes.running(person)
    if referral is None:
        referral = episodes.open_episode(
            person,
            side=holders.side_of_roles({part.role for part in parts}),
            author=actor,
            authors_team=episodes.team_of(actor),
            team=holders.front_door(),
            happened_on=clock.today(),
            verb="log_concern",
            concern=concerns.pop(0),
        )
    waiting.filter(pk__in=[part.pk for part in parts]).update(referral=referral)
    for concern in concerns:
        journal.write(referral.record, "concern_attached", actor=actor, concern=concern)
    take_in(referral, actor=actor, tell=bool(concerns))
    patterns.follow(person, actor=actor)
    return referral
