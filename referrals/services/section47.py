"""The section 47 enquiry of one child: opened by a strategy discussion, concluded by a manager (A19, B2)."""

from django.db import transaction

from hsb.core import clock, journal, work
from hsb.core.door import held, noted, opened
from hsb.core.refusals import NotReady
from hsb.core.timescales import timescale
from hsb.people.states import Service
from referrals.models import Section47, Section47Report
from referrals.permissions import can_report_section_47, is_with
from referrals.services import holders
from referrals.states import ChildSeen, OfferKind, Section47State

# How an enquiry can end: the verb of each.
CONCLUSIONS = {
    Section47State.NOT_SUBSTANTIATED: "not_substantiated",
    Section47State.NO_CONTINUING_RISK: "no_continuing_risk",
    Section47State.CONTINUING_RISK: "continuing_risk",
}


def open_section_47(referral, *, actor, started_on):
    """Opens the enquiry for this child alone; call with the referral locked. Returns it, or the one already open.

    `started_on` is the day of the discussion at which it was initiated: the conference is due 15 working days later.
    """
    needs_statutory(referral, actor=actor, reason="A section 47 enquiry is open: a statutory team has it.")
    standing = referral.section_47s.filter(state=Section47State.OPEN).first()
    if standing is not None:
        return standing
    enquiry = Section47.objects.create(
        record=referral.record,
        referral=referral,
        reference=f"{referral.reference}-S{referral.section_47s.count() + 1}",
        started_on=started_on,
        conference_due_on=timescale("section_47").due_on(started_on),
        opened_by=actor,
        opened_at=clock.now(),
    )
    journal.write(
        referral.record,
        "open_section_47",
        actor=actor,
        to_state=Section47State.OPEN,
        happened_on=started_on,
        noun=enquiry.reference,
        pathway_version=referral.pathway_version,
    )
    whose = holders.holder_of(referral, "section_47")
    work.ask(referral.record, "section_47", started_on=started_on, **whose)
    holders.refresh_due(referral)
    return enquiry


def needs_statutory(referral, *, actor, reason):
    """Early Help has a child who is statutory social work's now: a step up is asked for at once (A5, B23).

    Nothing happens where the child is with somebody else, or a step up waits for its answer already. Call with the
    referral locked, in a transaction.
    """
    if not (referral.is_open and is_with(referral, Service.EARLY_HELP)) or referral.open_offer(OfferKind.STEP_UP):
        return
    team = holders.statutory_team_for(referral)
    offered = holders.ask_to_take(referral, team, OfferKind.STEP_UP, actor=actor, reason=reason)
    journal.write(
        referral.record,
        "offer_step_up",
        actor=actor,
        reason=reason,
        pathway_version=referral.pathway_version,
        team=team.slug,
        offer=offered.reference,
    )
    holders.refresh_due(referral)


@transaction.atomic
def report_section_47(reference, *, actor, once, seen, findings, recommended, reported_on, version=None):
    """The social worker says what was found and what follows; the managers are asked to conclude, by the same day.

    `reference` is the Section47's, `seen` of ChildSeen, `recommended` one of CONCLUSIONS. A later report is added to
    those before it. Returns the Section47Report; the same form sent twice is one.
    """
    held(Section47, reference)
    before = Section47Report.objects.filter(once=once, by=actor).first()
    if before is not None:
        return before
    if recommended not in CONCLUSIONS or seen not in ChildSeen.values:
        raise NotReady("Say whether the child was seen, and choose what you recommend.")
    with noted(
        Section47,
        reference,
        "report_section_47",
        actor=actor,
        may=can_report_section_47,
        reason=findings,
        asks="Say what was found.",
        version=version,
        edits=True,
        happened_on=reported_on,
    ) as move:
        enquiry = move.subject
        if enquiry.state != Section47State.OPEN:
            raise NotReady("The enquiry has ended.")
        if not enquiry.started_on <= reported_on <= clock.today():
            raise NotReady("The enquiry is reported on a day after it began, and not after today.")
        report = Section47Report.objects.create(
            section_47=enquiry,
            seen=seen,
            findings=findings,
            recommended=recommended,
            reported_on=reported_on,
            by=actor,
            recorded_at=clock.now(),
            once=once,
        )
        work.finish(enquiry.record, "section_47", by=actor)
        whose = holders.holder_of(enquiry.referral, "conclude_section_47")
        work.ask(enquiry.record, "conclude_section_47", due_on=enquiry.conference_due_on, **whose)
    holders.refresh_due(enquiry.referral)
    return report


@transaction.atomic
def conclude_section_47(reference, *, actor, conclusion, reason, concluded_on, version=None):
    """A manager concludes the enquiry. `reference` is the Section47's, `conclusion` one of CONCLUSIONS. Returns it."""
    if conclusion not in CONCLUSIONS:
        raise NotReady("Choose how the enquiry ends.")
    verb = CONCLUSIONS[conclusion]
    with opened(
        Section47, reference, verb, actor=actor, reason=reason, version=version, happened_on=concluded_on
    ) as move:
        enquiry = move.subject
        report = enquiry.last_report()
        if not (report.reported_on if report else enquiry.started_on) <= concluded_on <= clock.today():
            raise NotReady("The enquiry ends after it began and was reported, and not after today.")
        enquiry.concluded_on, enquiry.concluded_by, enquiry.reason = concluded_on, actor, reason
        work.finish(enquiry.record, "section_47", "conclude_section_47", by=actor)
        if conclusion == Section47State.CONTINUING_RISK:
            work.ask(enquiry.record, "conference", due_on=enquiry.conference_due_on, **holders.holder(enquiry.referral))
    holders.refresh_due(enquiry.referral)
    return enquiry
