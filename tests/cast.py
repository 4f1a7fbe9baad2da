"""Who and what the tests are about: teams, users, invented persons, referrals in a given state.

Everybody here is invented. Rows are made so that every rule of the house holds for them: a referral has its
record, its grants and a journal whose last state-changing entry says the state it is in.
"""

from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import transaction

from hsb.core import access, clock, journal
from hsb.core.models import Record
from hsb.core.states import Because, PlaceKind, RecordKind
from hsb.people.models import READABLE, Cover, Membership, Team, Training, User
from hsb.people.states import CASE_ROLES, Role, Service, Tool
from referrals import pathway
from referrals.models import Allocation, Behaviour, Concern, Involvement, Person, Referral, RiskAssessment
from referrals.states import (
    HAS_CATEGORY,
    IN_SERVICE,
    UNDECIDED,
    AssessmentKind,
    AssessmentState,
    BirthPrecision,
    Brook,
    Category,
    ClosedAs,
    InvolvementRole,
    ReferralSource,
    ReferralState,
    RiskGroup,
    Side,
    Tier,
    YesNoUnknown,
)

PASSWORD = "a-plain-word-for-tests"
SINCE = date(2020, 1, 1)
ROLES_OF_SIDE = {
    Side.DISPLAYED: (InvolvementRole.DISPLAYED,),
    Side.HARMED: (InvolvementRole.HARMED,),
    Side.BOTH: (InvolvementRole.DISPLAYED, InvolvementRole.HARMED),
    Side.NOT_YET_KNOWN: (InvolvementRole.NOT_YET_KNOWN,),
}


# --- People who use the service -----------------------------------------------------------------------------------


def team(name, service=Service.STATUTORY, **fields):
    """A team, called in URLs by its name in lower case with hyphens."""
    return Team.objects.create(slug=name.lower().replace(" ", "-"), name=name, service=service, **fields)


def user(name, *seats, **fields):
    """A user with a password, a member of each (team, role) of `seats` since before anybody can remember."""
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    fields.setdefault("reference", _reference_of(email))
    made = User.objects.create_user(email=email, password=PASSWORD, name=name, **fields)
    for its_team, role in seats:
        join(made, its_team, role)
    return made


def _reference_of(email):
    """The same for the same user in each test: a road is walked once for all of them (tests/remembered.py)."""
    return "".join(READABLE[byte % len(READABLE)] for byte in sha256(email.encode()).digest()[:8])


def join(member, its_team, role, *, starts_on=SINCE, ends_on=None):
    """A membership between two days, both included."""
    return Membership.objects.create(user=member, team=its_team, role=role, starts_on=starts_on, ends_on=ends_on)


def again(member):
    """The user as the next request reads them: what they were a member of has been forgotten."""
    return User.objects.get(pk=member.pk)


def cover(by, covered, *, starts_on=None, ends_on=None, arranged_by=None):
    """`by` stands in for `covered`, today only unless said otherwise."""
    today = clock.today()
    return Cover.objects.create(
        by=by,
        covered=covered,
        starts_on=starts_on or today,
        ends_on=ends_on or today,
        arranged_by=arranged_by or covered,
    )


def train(member, tool=Tool.BROOK, *, trained_on=SINCE, until=date(2099, 12, 31)):
    """A recorded training, current for as long as any test runs."""
    return Training.objects.create(user=member, tool=tool, trained_on=trained_on, until=until)


# --- People who are known ------------------------------------------------------------------------------------------


def person(given_name="Robin", family_name="Sample", *, born_on=date(2012, 5, 14), restricted=False, **fields):
    """A child, invented, with a record of its own. Not findable by name: `index_person` makes the keys for that."""
    known = BirthPrecision.KNOWN if born_on else BirthPrecision.UNKNOWN
    record = Record.objects.open(RecordKind.PERSON, at=clock.now(), restricted=restricted)
    made = Person.objects.create(
        record=record,
        given_name=given_name,
        family_name=family_name,
        born_on=born_on,
        birth_precision=fields.pop("birth_precision", known),
        **fields,
    )
    journal.write(record, "add_person", actor=None)
    return made


def concern(author, *, authors_team=None, what="Something was reported at school.", **fields):
    """A concern that `author` logged, without anybody in it yet."""
    now = clock.now()
    record = Record.objects.open(RecordKind.CONCERN, at=now)
    made = Concern.objects.create(
        record=record,
        author=author,
        authors_team=authors_team or author.memberships.first().team,
        what_was_reported=what,
        source=fields.pop("source", ReferralSource.SCHOOL),
        reported_on=fields.pop("reported_on", clock.today()),
        recorded_at=now,
        place_kind=fields.pop("place_kind", PlaceKind.SCHOOL),
        protection_needed=fields.pop("protection_needed", YesNoUnknown.NO),
        once=uuid4(),
        **fields,
    )
    journal.write(record, "log_concern", actor=author, happened_on=made.reported_on)
    return made


def referral(
    author,
    *,
    held_by,
    state=ReferralState.RECEIVED,
    side=Side.DISPLAYED,
    child=None,
    about=None,
    worker=None,
    restricted=False,
    **fields,
):
    """A referral in `state`, held by the team `held_by`, from a concern of `author`; with the grants that follow.

    `child` is a Person and `about` a Concern, each made where not given. In service it has an open allocation, in
    which work has started where `worker` is named.
    """
    child = child or person()
    about = about or concern(author)
    now, today = clock.now(), clock.today()
    record = Record.objects.open(RecordKind.REFERRAL, at=now, holding_team=held_by, restricted=restricted)
    made = Referral.objects.create(
        record=record,
        person=child,
        side=side,
        state=state,
        pathway_version=pathway.current().version,
        author=author,
        authors_team=about.authors_team,
        received_at=now,
        state_since=now,
        worker=worker,
        closed_on=today if state == ReferralState.CLOSED else None,
        closed_as=ClosedAs.PLAN_MET if state == ReferralState.CLOSED else "",
        state_before_closing=ReferralState.STATUTORY if state == ReferralState.CLOSING_PROPOSED else "",
        **fields,
    )
    for role in ROLES_OF_SIDE[side]:
        Involvement.objects.create(concern=about, person=child, role=role, referral=made)
    journal.write(record, "log_concern", actor=author, to_state=ReferralState.RECEIVED, concern=about.reference)
    if state != ReferralState.RECEIVED:
        journal.write(record, "set_up_by_test", actor=author, from_state=ReferralState.RECEIVED, to_state=made.state)
    _grants(made, held_by, worker, author)
    if state in IN_SERVICE or state == ReferralState.CLOSING_PROPOSED:
        Allocation.objects.create(
            referral=made,
            team=held_by,
            from_team=about.authors_team,
            worker=worker,
            starts_on=today,
            decided_by=author,
            work_started_on=today if worker else None,
        )
    return made


def _grants(made, held_by, worker, author):
    if made.state in UNDECIDED:
        access.grant(made.record, because=Because.AUTHOR, user=author, given_by=author)
        access.grant(
            made.record,
            because=Because.AUTHORS_MANAGER,
            team=made.authors_team,
            role=Role.MANAGER,
            given_by=author,
        )
        for role in CASE_ROLES:
            access.grant(made.record, because=Because.HOLDING_TEAM, team=held_by, role=role, given_by=author)
        return
    of_team = Because.LAST_HOLDER if made.has_ended else Because.ALLOCATED_TEAM
    of_worker = Because.LAST_HOLDER if made.has_ended else Because.ALLOCATED
    access.grant(made.record, because=of_team, team=held_by, role=Role.MANAGER, given_by=author)
    if worker is not None:
        access.grant(made.record, because=of_worker, user=worker, given_by=author)


def assessment(of, started_by, *, number=1, **fields):
    """An unfinished assessment of the referral `of`."""
    kind = AssessmentKind.SHORT if of.side in HAS_CATEGORY else AssessmentKind.SAFETY
    return RiskAssessment.objects.create(
        record=of.record,
        referral=of,
        reference=f"{of.reference}-A{number}",
        number=number,
        kind=fields.pop("kind", kind),
        started_by=started_by,
        started_at=clock.now(),
        **fields,
    )


def submitted(of, by, *, category="0", tier=None):
    """The complete assessment of a child who displayed, submitted by `by`, with one behaviour."""
    made = assessment(
        of,
        by,
        state=AssessmentState.SUBMITTED,
        submitted_by=by,
        submitted_at=clock.now(),
        context_displayed="Home and school.",
        protective_factors="A trusted adult.",
        mismatch_reason="What was weighed.",
        **{f"risk_{group}": "no" for group in RiskGroup.values},
        **CATEGORY_0_ANSWERS | {"category": category} | ({"tier": tier} if tier else {}),
    )
    part = of.involvements.get()
    behaviour = Behaviour.objects.create(
        involvement=part, number=1, description="What was seen.", author=by, recorded_at=clock.now()
    )
    made.behaviour_categories.create(behaviour=behaviour, category=category)
    return made


# What a worker answers on an assessment of category 0, so that it can be submitted.
CATEGORY_0_ANSWERS = {
    "category": Category.INAPPROPRIATE,
    "brook": Brook.NOT_USED,
    "tier": Tier.EARLY_HELP,
    "rationale": "A single event between two children of the same age.",
}


@contextmanager
def refused(*kinds, **said):
    """As pytest.raises, of what a door refuses whose caller has no transaction: the test's own goes on after it."""
    with pytest.raises(*kinds, **said) as refusal, transaction.atomic():
        yield refusal
