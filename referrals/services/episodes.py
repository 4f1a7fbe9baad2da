"""Episodes: a new referral, from received on; and the new linked one that follows a closed one (B23)."""

from django.db import transaction

from hsb.core import clock, journal, work
from hsb.core.door import held, lock, noted
from hsb.core.models import Record
from hsb.core.refusals import NotReady
from hsb.core.states import RecordKind
from hsb.people.states import CASE_ROLES, Role
from referrals import pathway
from referrals.models import Involvement, Person, Referral
from referrals.permissions import can_reopen
from referrals.services import holders, markers, patterns, police
from referrals.states import ENDED, OPEN, ReferralState, Side


def hold_children(*persons):
    """Locks these persons' records, and those that they were joined to, always in the same order, before any
    referral's: a child has one open referral.

    Whoever opens an episode, or attaches to one, asks who is open only after this. Call in a transaction.
    """
    joined = Person.objects.filter(joined__in=[person.pk for person in persons])
    lock(*(person.record.reference for person in persons), *joined.values_list("record__reference", flat=True))


def hold_child_of(reference):
    """`hold_children` for the child of the referral at `reference`; nothing where there is no such referral."""
    referral = Referral.at(reference).select_related("person__record").first()
    if referral is not None:
        hold_children(referral.person)


def running(person):
    """The child's open referral as it is now, locked; None where there is none. Call after `hold_children`."""
    found = person.referrals.filter(state__in=OPEN).order_by("-received_at").values_list("record__reference", flat=True)
    reference = found.first()
    return held(Referral, reference) if reference else None


def open_episode(
    person,
    *,
    side,
    author,
    authors_team,
    team,
    happened_on,
    verb,
    reason="",
    previous=None,
    **facts,
):
    """A new referral for `person`, received and held by `team`, with its first task. Returns it."""
    now = clock.now()
    version = pathway.current().version
    referral = Referral.objects.create(
        record=Record.objects.open(
            RecordKind.REFERRAL,
            at=now,
            holding_team=team,
            restricted=person.record.restricted,
        ),
        person=person,
        side=side,
        previous=previous or person.referrals.filter(state__in=ENDED).order_by("-received_at").first(),
        pathway_version=version,
        author=author,
        authors_team=authors_team,
        received_at=now,
        state_since=now,
    )
    holders.grant_author(referral, author, team=authors_team)
    holders.hold(referral, team, given_by=author)
    journal.write(
        referral.record,
        verb,
        actor=author,
        to_state=ReferralState.RECEIVED,
        reason=reason,
        happened_on=happened_on,
        pathway_version=version,
        side=side,
        **facts,
    )
    work.ask(referral.record, first_task(side), team=team, role=Role.PRACTITIONER)
    markers.follow(referral)
    holders.refresh_due(referral)
    return referral


def first_task(side):
    """The task that a referral of this side begins with."""
    return "assess_safety" if side == Side.HARMED else "assess"


def team_of(user):
    """The team a user logs for: the first of today's teams in which they work with cases, else of any (a chair's)."""
    memberships = user.current_memberships()
    return next((m.team for m in memberships if m.role in CASE_ROLES), memberships[0].team)


def linked_episode(referral, *, actor, verb, reason, happened_on):
    """A new episode after an ended one, with its concerns; the old one keeps everything and moves no more.

    Where the child has an open referral by now, that one is given back, locked. Call with the child and `referral`
    locked.
    """
    open_one = running(referral.person)
    if open_one is not None:
        return open_one
    episode = open_episode(
        referral.person,
        side=referral.side,
        author=actor,
        authors_team=team_of(actor),
        team=holders.front_door(),
        happened_on=happened_on,
        verb=verb,
        reason=reason,
        previous=referral,
        follows=referral.reference,
    )
    Involvement.objects.bulk_create(
        Involvement(
            concern_id=part.concern_id,
            person_id=part.person_id,
            role=part.role,
            status=part.status,
            status_basis=part.status_basis,
            status_since=part.status_since,
            relationship=part.relationship,
            referral=episode,
        )
        for part in referral.involvements.all()
    )
    police.show_unresolved(episode, actor=actor)
    holders.refresh_due(episode)
    patterns.follow(referral.person, actor=actor)
    journal.write(
        referral.record,
        "new_episode",
        actor=actor,
        reason=reason,
        episode=episode.reference,
    )
    return episode


@transaction.atomic
def reopen(reference, *, actor, reason):
    """New information about a closed referral: a new linked episode, received. Returns the episode."""
    hold_child_of(reference)
    with noted(
        Referral,
        reference,
        "reopen",
        actor=actor,
        may=can_reopen,
        reason=reason,
        asks="Say what the new information is.",
    ) as move:
        if not move.subject.has_ended:
            raise NotReady("This referral is open: there is nothing to reopen.")
        episode = linked_episode(
            move.subject,
            actor=actor,
            verb="reopen",
            reason=reason,
            happened_on=clock.today(),
        )
    return episode
