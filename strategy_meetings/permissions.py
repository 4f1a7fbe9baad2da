"""Who may: `can_<verb>(meeting, user)`. Pure predicates, deny by default (practice.md B9, B10)."""

from hsb.core.access import live, named
from hsb.core.asked_once import asked_once
from hsb.core.models import AccessBar, AccessGrant
from hsb.core.states import Because
from hsb.people.states import CASE_ROLES, Role
from strategy_meetings.states import IntelAnswer

# Who can be the author of an intel form, or write it with somebody.
INTEL_WRITERS = (*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER)


def can_chair(meeting, user):
    """The meeting's chair."""
    return meeting.chair_id == user.pk and user.has_role(Role.CHAIR)


def can_arrange(meeting, user):
    """Any specialist chair: a deputy takes over where the chair cannot (A12)."""
    return user.has_role(Role.CHAIR)


def can_invite(meeting, user):
    """The chair, or the minute taker for her."""
    return can_arrange(meeting, user) or can_take_minutes(meeting, user)


def can_take_minutes(meeting, user):
    """The meeting's minute taker; the chair may type too."""
    takes = meeting.minute_taker_id == user.pk and user.has_role(Role.MINUTE_TAKER)
    return takes or can_chair(meeting, user)


def can_approve_minutes(meeting, user):
    """The chair confirms what the minute taker typed, her own too (B10)."""
    return can_chair(meeting, user)


def can_decide_amendment(amendment, user):
    """A second person: the chair, the minute taker, or another specialist chair; never who proposed it (B10)."""
    meeting = amendment.meeting
    return amendment.proposed_by_id != user.pk and (can_take_minutes(meeting, user) or can_arrange(meeting, user))


def can_confirm_nfa(child, user):
    """A manager of the team that has the child's referral, who did not chair the meeting."""
    referral = child.referral
    return referral is not None and user.manages(referral.record.holding_team_id) and child.meeting.chair_id != user.pk


@asked_once
def can_begin_intel(meeting, user):
    """Chair, minute taker, or whoever the meeting named to complete it (A11, B12)."""
    if not user.has_role(*INTEL_WRITERS):
        return False
    if user.pk in (meeting.chair_id, meeting.minute_taker_id):
        return True
    if (children := meeting.__dict__.get("children_read")) is not None:
        return any(child.intel == IntelAnswer.NEEDED and child.intel_by_id == user.pk for child in children)
    return meeting.children.filter(taking_part=True, intel=IntelAnswer.NEEDED, intel_by=user).exists()


def can_begin_intel_for(referral, user):
    """Whoever works with the child, or plans a meeting about the child: of those who open the record."""
    return user.has_role(*CASE_ROLES, Role.CHAIR)


@asked_once
def can_write_intel(form, user):
    """Its author, and whoever was given leave to write it with her: a meeting's chair and minute taker (B12). Leave
    ends with the team in which it was given."""
    if not user.has_role(*INTEL_WRITERS):
        return False
    # Of the reader a page has read it already; under a lock it is asked.
    read = form.__dict__.get("leave_read", {})
    return read[user.pk] if user.pk in read else leave_to_write(form, user).exists()


def leave_to_write(form, user):
    """The live grants by which `user` writes the form."""
    return AccessGrant.objects.filter(live(), named(user), record=form.pk, because=Because.WRITES_INTEL)


def can_read_intel_answer(form, user):
    """Its author is told what the panel answered; where the author has left, or may not open it any more, whoever
    writes it with or after them."""
    barred = AccessBar.objects.filter(form.names("record"), user=form.author_id, lifted_at__isnull=True)
    return can_write_intel(form, user) and (
        form.author_id == user.pk or not can_write_intel(form, form.author) or barred.exists()
    )


@asked_once
def can_sift(form, user):
    """A panel coordinator, never on a form that they wrote, or write with somebody (B12)."""
    if not user.has_role(Role.COORDINATOR) or user.pk in (form.author_id, form.submitted_by_id):
        return False
    return not AccessGrant.objects.filter(record=form.pk, user=user, because=Because.WRITES_INTEL).exists()
