"""Who may: `can_<verb>(noun, user)`. Pure predicates, deny by default; nobody approves their own work.

Whether the user sees the record at all (grants, bars, restriction) is asked at the door; these say what somebody
who sees it may do (practice.md B6, B9, B23).
"""

from hsb.core import access
from hsb.core.asked_once import asked_once
from hsb.core.door import may_still
from hsb.core.riding import riding
from hsb.people.states import CASE_ROLES, Role, Service
from referrals.states import OPEN, NoteKind, OfferKind

SOCIAL_WORK = (Service.FRONT_DOOR, Service.STATUTORY)


def works_in_holding_team(referral, user):
    return referral.record.holding_team_id in user.teams_as(*CASE_ROLES)


def is_with(referral, service):
    """Whether a team of that service holds the referral."""
    team = referral.record.holding_team
    return team is not None and team.service == service


def can_manage(referral, user):
    """A manager of the team that holds the referral."""
    return user.manages(referral.record.holding_team_id)


def can_see(referral, user):
    """Anybody who works with cases and sees this one: immediate protection and calls wait for nothing (B3)."""
    return user.has_role(*CASE_ROLES, Role.CHAIR)


@asked_once
def can_read_address(person, user):
    """Where the address is confidential: whoever works with the child's own referral, and nobody else.

    That is its allocated worker and the managers of the team that has it; of somebody without a referral the managers
    of the team that holds the concern.
    """
    own = own_referral(person)
    if own is None:
        parts = person.involvements.select_related("concern__record")
        return any(user.manages(part.concern.record.holding_team_id) for part in parts)
    # For several persons at once it was read with their referrals (selectors.identity.read_whose_addresses).
    opens = own.opens if getattr(own, "reader", None) == user else access.opens(user, own)
    if not opens:
        return False
    return own.worker_id == user.pk or can_manage(own, user)


def own_referral(person):
    """The child's referral that is open, else the last one; None where there is none."""
    if "referrals" in getattr(person, "_prefetched_objects_cache", {}):
        referrals = sorted(person.referrals.all(), key=lambda one: (one.received_at, one.pk), reverse=True)
    else:
        referrals = list(person.referrals.select_related("record__holding_team").order_by("-received_at", "-pk"))
    return next((one for one in referrals if one.state in OPEN), referrals[0] if referrals else None)


def can_take_out_document(referral, user, document):
    """Whoever added it, or a manager of the team that has the child."""
    return can_see(referral, user) and (document.added_by_id == user.pk or can_manage(referral, user))


def can_join(person, user):
    """A manager, of two records that both open for her, joins and parts them, and says who is not the same (B22)."""
    return user.has_role(Role.MANAGER)


def can_assess(referral, user):
    """A worker of the holding team, or the concern's author while nothing is decided (B6)."""
    if works_in_holding_team(referral, user):
        return True
    return referral.is_undecided and referral.author_id == user.pk and user.has_role(*CASE_ROLES)


def can_add_to_concern(referral, user):
    """Whoever records which part the child had says who else was in it (A7)."""
    return can_assess(referral, user)


def can_set_status(referral, user):
    """Whoever works with the child, before a decision too, and the managers who may find on it."""
    return can_assess(referral, user) or can_work(referral, user) or can_find(referral, user)


def can_set_contexts(referral, user):
    """Whoever works with the child, before a decision too."""
    return can_assess(referral, user) or can_work(referral, user)


def can_correct_concern(referral, user):
    """Whoever works with the child corrects or completes what is known of the concern, before a decision too."""
    return can_set_contexts(referral, user)


def can_find(referral, user):
    """Says that a part is established or unfounded: a manager of the team that has the child, or of the team that
    logged it while nothing is decided."""
    return can_restrict(referral, user)


def can_work(referral, user):
    """The allocated worker, or somebody of the holding team who sees the record."""
    return referral.worker_id == user.pk or works_in_holding_team(referral, user)


def can_mark(referral, user):
    """Whoever works with the case, before a decision too: a warning to colleagues waits for no allocation (A8)."""
    return can_work(referral, user) or can_assess(referral, user)


def can_copy_summary(referral, user):
    """Whoever works with the case keeps the borough's main system in step with it."""
    return can_work(referral, user) or can_assess(referral, user)


def can_agree_marker(user):
    """A manager: which one was asked is written down with the marker."""
    return user.is_active and user.has_role(Role.MANAGER)


def can_confirm_marker(referral, user, marker, asked):
    """Whoever is `asked` (for work.ask): the manager who agreed, or the managers of the team that has the child; never
    who added the marker."""
    if user.pk == marker.added_by_id or not can_agree_marker(user):
        return False
    return user == asked["owner"] if "owner" in asked else user.manages(referral.record.holding_team_id)


def can_do_action(referral, user, action):
    """Whoever agreed to do it, or whoever works with the child, may record that it is done."""
    return (action is not None and action.owner_id == user.pk) or can_work(referral, user)


def can_end_action(referral, user):
    """A manager of the team that has the child may say that an agreed action is no longer needed."""
    return user.manages(referral.record.holding_team_id)


def can_decide(referral, user):
    """A manager of the holding team or of the author's team; never the author of concern or assessment."""
    if not decides_for(referral, user):
        return False
    with riding(*referral.asking_who_wrote()):
        referral.weighed = referral.latest_assessment()
        return not wrote(referral, user, referral.weighed)


def decides_for(referral, user):
    """A manager of the holding team or of the author's team."""
    return user.manages(referral.record.holding_team_id) or user.manages(referral.authors_team_id)


def wrote(referral, user, assessment):
    """Whether `user` logged one of the referral's concerns, or wrote on the assessment (None: there is none)."""
    if user.pk == referral.author_id or (assessment is not None and assessment.is_by(user)):
        return True
    return user.pk in referral.authors()


def can_close(referral, user):
    """A manager of the holding team, never the proposer."""
    proposal = referral.closing_proposals.last()
    return can_manage(referral, user) and (proposal is None or proposal.proposed_by_id != user.pk)


def can_accept_step_up(referral, user):
    """A manager of the statutory team that was asked, never the one who asked."""
    return _asked(referral, user, OfferKind.STEP_UP)


def can_accept_step_down(referral, user):
    """A manager of the Early Help team that was asked, never the one who offered."""
    return _asked(referral, user, OfferKind.STEP_DOWN)


def _asked(referral, user, kind):
    offer = referral.open_offer(kind)
    return offer is not None and user.manages(offer.to_team_id) and offer.offered_by_id != user.pk


def can_reopen(referral, user):
    return user.has_role(*CASE_ROLES)


def can_restrict(referral, user):
    """A manager of the team that holds the referral, or of the team that logged it while undecided."""
    return can_manage(referral, user) or (referral.is_undecided and user.manages(referral.authors_team_id))


def can_read_why_of_access(referral, user):
    """Why the record was restricted, somebody named or barred: whoever may decide it, and auditors."""
    return can_restrict(referral, user) or user.has_role(Role.AUDITOR)


def can_break_glass(referral, user):
    """Practitioners and managers; of what is restricted auditors too. Of a bar it is asked where it is done (B15)."""
    return user.has_role(*CASE_ROLES) or (referral.record.restricted and user.has_role(Role.AUDITOR))


def can_review_opening(opening, user):
    """A manager of the team that has the child, or that was asked, never the one who opened it."""
    if opening is None or opening.by_id == user.pk:
        return False
    return user.manages(opening.referral.record.holding_team_id) or user.manages(opening.asked_team_id)


def can_ask_access(referral, user):
    """Whoever's role reads case records at all; of a bar it is asked where it is done."""
    return user.has_role(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.AUDITOR)


def can_answer_request(request, user):
    """A manager of the team that has the child, or that was asked, never the one who asked."""
    if request is None or request.by_id == user.pk:
        return False
    return user.manages(request.referral.record.holding_team_id) or user.manages(request.asked_team_id)


def can_write_assessment(assessment, user):
    return can_assess(assessment.referral, user)


def can_make_stale(assessment, user):
    """Whoever may write on it, the manager who sends it back after a team refused the child, and whoever works with
    another child of its concern: what comes to light there changes what this one rests on (B17)."""
    return user.has_role(*CASE_ROLES) or can_decide_assessment(assessment, user)


def can_submit_assessment(assessment, user):
    return can_assess(assessment.referral, user)


def can_decide_assessment(assessment, user):
    """A manager who may decide on the referral, never one who wrote on the assessment."""
    return not assessment.is_by(user) and may_still(can_decide, assessment.referral, user)


def can_hold_back(referral, user):
    """Anybody who works with the case: for example because the police asked (A23)."""
    return user.has_role(*CASE_ROLES)


def can_tell_again(referral, user):
    """A manager of the team that holds the referral, or of its author's: the police have agreed (A23)."""
    return user.has_role(Role.MANAGER) and bool(
        {referral.record.holding_team_id, referral.authors_team_id} & user.teams_as(Role.MANAGER)
    )


def can_request_meeting(meeting_decision, user):
    """Anybody who sees the record (B9)."""
    return user.has_role(*CASE_ROLES)


def can_decide_meeting(meeting_decision, user):
    """A social work manager who sees the record (B9)."""
    return any(m.role == Role.MANAGER and m.team.service in SOCIAL_WORK for m in user.current_memberships())


def can_chair_meetings(meeting_decision, user):
    """A specialist chair: joins the concern's other children to the meeting, and writes what it concluded (B9)."""
    return user.has_role(Role.CHAIR)


def can_report_section_47(section_47, user):
    """Whoever works with the child in the statutory team that has them: Early Help enquires into nothing (B23)."""
    return is_with(section_47.referral, Service.STATUTORY) and can_work(section_47.referral, user)


def can_conclude_section_47(section_47, user):
    """A manager of the statutory team that has the child, never on her own report (B23)."""
    if not (is_with(section_47.referral, Service.STATUTORY) and can_manage(section_47.referral, user)):
        return False
    report = section_47.last_report()
    return report is None or report.by_id != user.pk


def can_ask_for_police_referral(referral, user):
    """Whoever works with the case, where a crime is suspected at any category (B4)."""
    return user.has_role(*CASE_ROLES)


def can_write_police_referral(police_referral, user):
    """Whoever works with the case and may open every child it covers (B7): it says something of each of them."""
    return user.has_role(*CASE_ROLES) and police_referral.opens_for(user)


def can_approve_police_referral(police_referral, user):
    """A manager of one of the children, never who wrote at it, who may open every child it covers.

    Whoever saves a version takes over what stood in the one before it: nobody approves her own words.
    """
    if police_referral.latest_form() is None or user.pk in police_referral.drafters():
        return False
    return can_excuse_police_referral(police_referral, user) and police_referral.opens_for(user)


def can_approve_police_supplement(police_referral, user):
    """The same of what adds to a form that went out: never who wrote at it. The referrals may have ended since."""
    if user.pk in police_referral.drafters_of_supplement():
        return False
    return _manages_one_of(police_referral.children(), user) and police_referral.opens_for(user)


def can_excuse_police_referral(police_referral, user):
    """A manager of a team that holds, or logged, one of its children's referrals."""
    return _manages_one_of(police_referral.referrals(), user) and not police_referral.bars(user)


def can_decide_police_refusal(police_referral, user):
    """A manager of one of its children's teams who may open every child: with them it is decided not to send again
    what the police refused."""
    return _manages_one_of(police_referral.children(), user) and police_referral.opens_for(user)


def _manages_one_of(referrals, user):
    teams = user.teams_as(Role.MANAGER)
    return any({referral.record.holding_team_id, referral.authors_team_id} & teams for referral in referrals)


def can_follow_notification(notification, user):
    """Whoever works with the case and may open every child of whom it speaks (B7)."""
    return user.has_role(*CASE_ROLES, Role.CHAIR) and not notification.hidden_from(user)


def can_lift_advice(call, user):
    """Whoever recorded the call, or a manager of the team of any child for whom its advice was given."""
    if not user.has_role(*CASE_ROLES, Role.CHAIR):
        return False
    return call.recorded_by_id == user.pk or call.advises_team_of(user)


def can_write_note(referral, user, kind=""):
    """Whoever works with cases and sees this one; management oversight only a manager of the holding team."""
    if kind == NoteKind.OVERSIGHT:
        return can_manage(referral, user)
    return user.has_role(*CASE_ROLES)


def can_record_event(referral, user):
    """Whoever works with cases and sees this one: a significant event is anybody's who knows of it."""
    return user.has_role(*CASE_ROLES)


def can_record_aim(referral, user):
    """Whoever works with the case; that only a user trained in the tool does it is said beside the form (B18)."""
    return user.has_role(*CASE_ROLES) and (can_work(referral, user) or can_assess(referral, user))


def can_record_brook(referral, user):
    """The same of a colour that was found with the Brook tool."""
    return can_record_aim(referral, user)


def can_record_consent(referral, user):
    """Whoever works with the child, before a decision too, and the managers of the team."""
    return user.has_role(*CASE_ROLES) and (can_work(referral, user) or can_assess(referral, user))


def can_record_sharing(referral, user):
    """Whoever may record consent: who works with the child, before a decision too, and the managers of the team."""
    return can_record_consent(referral, user)


def can_hold_form_back(police_referral, user):
    """Anybody who works with one of its children, as of the concern itself (A23)."""
    return user.has_role(*CASE_ROLES)


def can_tell_form(police_referral, user):
    """A manager of one of its children, who may open every child it covers: it says something of each of them."""
    return _manages_one_of(police_referral.children(), user) and police_referral.opens_for(user)


def can_correct_note(note, user):
    """Its author, and whoever works with the child; of a significant event too."""
    if not user.has_role(*CASE_ROLES):
        return False
    return note.author_id == user.pk or can_work(note.referral, user)


def can_plan(referral, user):
    """Whoever works with the child, before a decision too: a plan for safety waits for no allocation (A23)."""
    return can_work(referral, user) or can_assess(referral, user)


def can_write_plan(plan, user):
    """Whoever works with the child, before a decision too."""
    return can_plan(plan.referral, user)


def can_agree_plan(plan, user):
    """A manager of the team that has the child, or that logged it while nothing is decided; never who wrote it."""
    return can_restrict(plan.referral, user) and user.pk not in plan.writers()


def can_plan_at_18(referral, user):
    """Whoever works with the young person, before a decision too (B20)."""
    return can_plan(referral, user)


def can_decide_at_18(referral, user):
    """A manager of the team that has the young person; never its worker, nor who wrote what follows at 18 (B20)."""
    if not can_manage(referral, user) or referral.worker_id == user.pk:
        return False
    last = referral.what_follows.last()
    return last is None or last.by_id != user.pk


def can_answer_offer(offer, user):
    return user.manages(offer.to_team_id) and offer.offered_by_id != user.pk


def can_answer_transfer(transfer, user):
    """A manager of the team that has the child records what the other borough answered."""
    return can_manage(transfer.referral, user)


def can_withdraw_offer(offer, user):
    return works_in_holding_team(offer.referral, user)


def can_relate(referral, user):
    """Who is what to a child is recorded by whoever changes the child's other details."""
    return can_see(referral, user)
