"""Who may: `can_<verb>(meeting, user)`. Pure predicates, deny by default (practice.md B9, B10)."""

from hsb.people.states import CASE_ROLES, Role


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


def can_complete_intel(child, user):
    """Whoever was asked to, or the meeting's chair or minute taker for somebody of another agency."""
    return child.intel_by_id == user.pk or can_take_minutes(child.meeting, user)


def can_read_shared(meeting, user):
    """Who works with cases, the chair and the minute taker: whoever opens the meeting at all."""
    return user.has_role(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.AUDITOR)
