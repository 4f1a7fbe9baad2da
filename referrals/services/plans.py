"""A child's plan: begun, its lines, agreed by a manager, reviewed; papers of it for the family and the school."""

from contextlib import contextmanager

from django.db import transaction

from hsb.core import clock, document_store, words, work
from hsb.core.door import held, noted, opened
from hsb.core.journal import digest_of_text
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals import documents
from referrals.models import Plan, PlanDocument, PlanLine, PlanReview, Referral
from referrals.permissions import can_plan, can_write_plan
from referrals.selectors import plans as reading
from referrals.selectors.held_back import repeats_held_back, something_is_held_back
from referrals.services import holders, submitting
from referrals.services.consent import refuse_without_answer, refuse_without_consent
from referrals.services.disclosing import disclose
from referrals.states import (
    PLAN_NEEDS,
    REVIEWED,
    Basis,
    ConsentPurpose,
    LineState,
    PlanPaper,
    PlanState,
    Recipient,
    ReferralState,
    ReviewOutcome,
)

ENDED = "This referral has ended and stays as it is: reopen it first, and begin the plan on the new episode."
AGREED_ALREADY = (
    "The plan is agreed, or with a manager. Its lines change once a review says that the plan changes, or the manager "
    "returns it."
)
TASKS = ("write_plan", "agree_plan", "plan_review")
# Whatever stands on a paper is read by who knows neither the other children nor what happened.
ANOTHER_CHILD = "A paper names only this child: word it without {words}, also in the plan itself."
SAYS_WHAT_HAPPENED = "The school's sheet says what adults do, never what happened: word it without “{words}”."
NOT_YET_TOLD = (
    "“Do not disclose yet” stands on a concern: no plan goes to the family. Ask the manager of the child's team, who "
    "agrees with the police when the family can be told."
)
# So that a paper stays on its one page: lines of it that somebody wrote, as many characters in each at most.
MOST_PRINTED, WIDTH = 28, 90
MOST_LINES = 10


@transaction.atomic
def begin_plan(reference, *, actor, once, kind, purpose, began_on, review_on):
    """A plan of `kind` (PlanKind) for the referral's child. Returns the Plan. The same page sent twice begins one."""
    referral = held(Referral, reference)
    before = made_before(Plan.objects.filter(referral=referral, begun_by=actor), once)
    if before is not None:
        return before
    with noted(Referral, reference, "begin_plan", actor=actor, may=can_plan, happened_on=began_on, kind=kind) as move:
        referral = move.subject
        _refuse_beginning(referral, kind, purpose, began_on, review_on)
        last = last_number(referral.plans)
        plan = Plan.objects.create(
            record=referral.record,
            referral=referral,
            number=last + 1,
            reference=f"{referral.reference}-P{last + 1}",
            kind=kind,
            purpose=purpose.strip(),
            began_on=began_on,
            review_on=review_on,
            begun_by=actor,
            begun_at=clock.now(),
            once=once,
        )
        move.facts |= {"plan": plan.reference, "text": digest_of_text(plan.purpose)}
        work.ask(referral.record, "write_plan", about=plan.reference, started_on=began_on, **holders.holder(referral))
        referral.next_due_on = work.next_due_on(referral.record)
    return plan


def _refuse_beginning(referral, kind, purpose, began_on, review_on):
    unmet = []
    if referral.has_ended:
        raise NotReady(ENDED)
    if referral.state != PLAN_NEEDS.get(kind, referral.state):
        unmet.append(f"This kind of plan is begun while the referral stands so: {PLAN_NEEDS[kind].label}.")
    if referral.plans.open().filter(kind=kind).exists():
        unmet.append("A plan of this kind stands already: change it, or end it first.")
    if not purpose.strip():
        unmet.append("Say what the plan is for.")
    if began_on > clock.today():
        unmet.append("A plan holds from a day that has come: check the day.")
    if review_on <= began_on:
        unmet.append("The first review is after the day from which the plan holds.")
    if unmet:
        raise NotReady(*unmet)


@transaction.atomic
def add_line(reference, *, actor, once, what, due_on, owner=None, owner_name=""):
    """What should change or happen, who does it (`owner`, a user, or `owner_name`), by when. Returns the PlanLine."""
    plan = held(Plan, reference)
    before = made_before(PlanLine.objects.filter(plan=plan, added_by=actor), once)
    if before is not None:
        return before
    with noted(Plan, reference, "add_plan_line", actor=actor, may=can_write_plan, edits=True) as move:
        plan = move.subject
        _refuse_settled(plan)
        if not what.strip() or (owner is None) == (not owner_name.strip()):
            raise NotReady("Say what should change or happen, and who does it: one of us, or somebody by name.")
        if plan.standing_lines().count() >= MOST_LINES:
            raise NotReady(f"A plan that fits on one page has {MOST_LINES} lines at most: take one out first.")
        last = last_number(plan.lines)
        line = PlanLine.objects.create(
            plan=plan,
            number=last + 1,
            what=what.strip(),
            owner=owner,
            owner_name=owner_name.strip(),
            due_on=due_on,
            added_by=actor,
            added_at=clock.now(),
            once=once,
        )
        move.facts |= {"line": line.number, "text": digest_of_text(line.what, line.who, due_on.isoformat())}
    return line


@transaction.atomic
def take_out_line(reference, *, actor, number, reason, version=None):
    """A line is no longer needed: it stays in view, with the reason. Returns the PlanLine."""
    with noted(
        Plan,
        reference,
        "take_out_plan_line",
        actor=actor,
        may=can_write_plan,
        reason=reason,
        asks="Say why the line is no longer needed.",
        version=version,
        edits=True,
        line=number,
    ) as move:
        _refuse_settled(move.subject)
        line = move.subject.standing_lines().filter(number=number).first()
        if line is None:
            raise NotReady("This line was taken out already.")
        line.stands(LineState.TAKEN_OUT, because=reason.strip())
    return line


def _refuse_settled(plan):
    if plan.referral.has_ended:
        raise NotReady(ENDED)
    if plan.state != PlanState.DRAFT:
        raise NotReady(AGREED_ALREADY)


# --- Agreeing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit_plan(reference, *, actor, version=None):
    """The plan goes to the managers of the team. Returns the Plan."""
    with opened(Plan, reference, "submit_plan", actor=actor, version=version) as move:
        plan = move.subject
        _refuse_ended(plan)
        plan.submitted_by = actor
        said = reading.said_by(plan)
        submitting.keep(plan.record, plan.reference, said, actor=actor)
        move.facts["text"] = digest_of_text(*(f"{label} {text}" for label, text in said))
        work.finish(plan.record, "write_plan", by=actor, about=plan.reference)
        team = plan.referral.record.holding_team or plan.referral.authors_team
        work.ask(plan.record, "agree_plan", about=plan.reference, team=team, role=Role.MANAGER)
    holders.refresh_due(plan.referral)
    return plan


@transaction.atomic
def return_plan(reference, *, actor, reason, version=None):
    """The manager does not agree yet, and says what must change. Returns the Plan."""
    with opened(Plan, reference, "return_plan", actor=actor, reason=reason, version=version) as move:
        plan = move.subject
        plan.returned_because = reason.strip()
        work.finish(plan.record, "agree_plan", by=actor, about=plan.reference)
        work.ask(plan.record, "write_plan", about=plan.reference, **holders.holder(plan.referral))
    holders.refresh_due(plan.referral)
    return plan


@transaction.atomic
def agree_plan(reference, *, actor, version=None):
    """A manager agrees: from now on the plan's own review is asked for. Returns the Plan."""
    with opened(Plan, reference, "agree_plan", actor=actor, version=version) as move:
        plan = move.subject
        _refuse_ended(plan)
        plan.agreed_by, plan.agreed_at, plan.returned_because = actor, clock.now(), ""
        said = [f"{line.number} {line.what} {line.who} {line.due_on}" for line in plan.standing_lines()]
        move.facts["text"] = digest_of_text(plan.purpose, *said)
        work.finish(plan.record, "agree_plan", by=actor, about=plan.reference)
        _ask_for_review(plan)
    holders.refresh_due(plan.referral)
    return plan


def _ask_for_review(plan):
    """The review of this plan, on its day. What Early Help owes without a plan it owes no longer."""
    if PLAN_NEEDS.get(plan.kind) == ReferralState.EARLY_HELP:
        work.cancel(plan.record, "early_help_review", reason=f"{plan.reference} has a review of its own.")
    work.ask(
        plan.record,
        "plan_review",
        about=plan.reference,
        due_on=plan.review_on,
        **holders.holder(plan.referral),
    )


def _refuse_ended(plan):
    if plan.referral.has_ended:
        raise NotReady(ENDED)


# --- Reviewing ------------------------------------------------------------------------------------------------------

VERBS = {ReviewOutcome.CHANGES: "change_plan", ReviewOutcome.MET: "meet_plan"}


@transaction.atomic
def review_plan(
    reference,
    *,
    actor,
    once,
    held_on,
    took_part,
    child_views,
    parents_views,
    lines,
    outcome,
    next_review_on=None,
    version=None,
):
    """What a review found, and what becomes of the plan. Returns the PlanReview.

    `lines`: {number of a standing line: (one of REVIEWED, a sentence)}, every one of them. A plan that is met has no
    `next_review_on`; one that changes goes back to whoever writes it, and to a manager again.
    """
    plan = held(Plan, reference)
    before = made_before(PlanReview.objects.filter(plan=plan, by=actor), once)
    if before is not None:
        return before
    with _reviewing(reference, actor, outcome, happened_on=held_on, version=version) as move:
        plan = move.subject
        standing = {line.number: line for line in plan.standing_lines()}
        _refuse_review(plan, standing, lines, held_on, outcome, next_review_on, (took_part, child_views, parents_views))
        review = PlanReview.objects.create(
            plan=plan,
            number=last_number(plan.reviews) + 1,
            held_on=held_on,
            took_part=took_part.strip(),
            child_views=child_views.strip(),
            parents_views=parents_views.strip(),
            outcome=outcome,
            next_review_on=next_review_on,
            concerns_since=len(reading.concerns_counted(plan)),
            by=actor,
            recorded_at=clock.now(),
            once=once,
        )
        for number, line in standing.items():
            came, said = lines[number]
            review.lines.create(line=line, came=came, said=said.strip())
            line.stands(came)
        said = [f"{number} {came} {text}" for number, (came, text) in sorted(lines.items())]
        move.facts |= {
            "review": review.number,
            "text": digest_of_text(took_part, child_views, parents_views, outcome, *said),
        }
        work.finish(plan.record, "plan_review", by=actor, about=plan.reference)
        plan.review_on = next_review_on
        if outcome == ReviewOutcome.MET:
            _over(plan, held_on)
        elif outcome == ReviewOutcome.GOES_ON:
            _ask_for_review(plan)
        else:  # the next review is asked for once a manager has agreed again
            work.ask(plan.record, "write_plan", about=plan.reference, **holders.holder(plan.referral))
    holders.refresh_due(plan.referral)
    return review


@contextmanager
def _reviewing(reference, actor, outcome, **told):
    """The door that the outcome goes through: a plan that goes on stays in its state."""
    if outcome in VERBS:
        with opened(Plan, reference, VERBS[outcome], actor=actor, **told) as move:
            yield move
        return
    with noted(Plan, reference, "review_plan", actor=actor, may=can_write_plan, edits=True, **told) as move:
        yield move


def _refuse_review(plan, standing, lines, held_on, outcome, next_review_on, said):
    _refuse_ended(plan)
    if plan.state != PlanState.AGREED:
        raise NotReady("A plan is reviewed once a manager has agreed to it.")
    unmet = []
    if outcome not in ReviewOutcome.values:
        unmet.append("Say whether the plan goes on, changes or is met.")
    if set(lines) != set(standing) or any(
        came not in REVIEWED or not sentence.strip() for came, sentence in lines.values()
    ):
        unmet.append("Say of every line whether it happened, partly or not, with a sentence.")
    if not all(text.strip() for text in said):
        unmet.append("Say who took part, and what the child and the parents say; or why they could not be asked.")
    if not plan.began_on <= held_on <= clock.today():
        unmet.append("A review is held between the day from which the plan holds and today.")
    if (outcome == ReviewOutcome.MET) != (next_review_on is None):
        unmet.append("Enter the day of the next review; a plan that is met has none.")
    elif next_review_on is not None and next_review_on <= held_on:
        unmet.append("The next review is after this one.")
    if unmet:
        raise NotReady(*unmet)


def _over(plan, on):
    """The plan is met or ends: nothing is asked for it any more, and Early Help owes its own review again."""
    plan.ended_on, plan.review_on = on, None
    work.cancel(plan.record, *TASKS, about=plan.reference, reason="The plan is over.")
    referral = plan.referral
    if PLAN_NEEDS.get(plan.kind) == ReferralState.EARLY_HELP == referral.state:
        work.ask(plan.record, "early_help_review", **holders.holder(referral))


@transaction.atomic
def end_plan(reference, *, actor, reason, version=None):
    """It ends without being met, with a reason. Returns the Plan."""
    with opened(Plan, reference, "end_plan", actor=actor, reason=reason, version=version) as move:
        plan = move.subject
        _refuse_ended(plan)
        plan.ended_because = reason.strip()
        _over(plan, clock.today())
    holders.refresh_due(plan.referral)
    return plan


# --- Papers ---------------------------------------------------------------------------------------------------------


@transaction.atomic
@document_store.undone_together()
def make_paper(
    reference, *, actor, once, kind, recipient, contact, why, basis, adults_do="", consent="", agreed_answer=None
):
    """One page of an agreed plan, of `kind` (PlanPaper), and a Disclosure on the child's record. Returns the Document.

    `contact` is whom to call; `adults_do`, what adults at the school do, is on the school's sheet alone. With consent,
    the school's sheet rests on what was agreed for a school, and the family's page on the answer of the number
    `agreed_answer`. Raises NotReady where it is not agreed, names another child, says what happened, or may not be told
    yet.
    """
    plan = held(Plan, reference)
    before = PlanDocument.objects.filter(plan=plan, document__once=once, document__made_by=actor).first()
    if before is not None:
        return before.document
    with noted(Plan, reference, "make_plan_paper", actor=actor, may=can_write_plan, kind=kind) as move:
        plan = move.subject
        if plan.state != PlanState.AGREED:
            raise NotReady("A paper is made of a plan to which a manager has agreed.")
        if kind not in PlanPaper.values or basis not in Basis.values:
            raise Denied(record=plan.record, verb="make_plan_paper")
        family = kind == PlanPaper.FAMILY
        data = documents.plan_for_family(plan, contact) if family else documents.school_sheet(plan, adults_do, contact)
        _refuse_paper(plan, kind, data, recipient)
        if family:
            rests_on = refuse_without_answer(plan.referral, basis, agreed_answer)
        else:
            rests_on = refuse_without_consent([plan.referral], basis, ConsentPurpose.SCHOOL)
        document = document_store.keep(
            plan.record,
            kind=kind,
            template=documents.PLAN_TEMPLATES[kind],
            title=documents.PLAN_TITLES[kind],
            recipient=recipient,
            data=data,
            actor=actor,
            once=once,
            about=plan.reference,
        )
        PlanDocument.objects.create(plan=plan, document=document)
        disclose(
            plan.record,
            actor=actor,
            what=f"{PlanPaper(kind).label}, {document.reference}",
            to_whom=recipient,
            recipient=Recipient.FAMILY if family else Recipient.SCHOOL,
            why=why,
            basis=": ".join([Basis(basis).label, *([", ".join(rests_on)] if rests_on else [])])[:200],
            consent=consent,
            on=clock.today(),
        )
        move.facts["document"] = document.number
    return document


def _refuse_paper(plan, kind, data, recipient):
    """Raises NotReady with every sentence of why this paper is not made."""
    refused = []
    said = "\n".join([*documents.texts_of(data), recipient])
    if named := reading.names_of_other_children(plan.referral, said):
        quoted = words.listed([f"“{each}”" for each in named])
        refused.append(ANOTHER_CHILD.format(words=quoted))
    if kind == PlanPaper.FAMILY:
        if something_is_held_back(plan.referral):
            refused.append(NOT_YET_TOLD)
        if repeated := repeats_held_back(said, [plan.referral.person_id]):
            quoted = words.listed([f"“{each}”" for each in repeated])
            refused.append(
                f"“Do not disclose yet” stands on a note, a paper or what the police told us that says {quoted}: say "
                "without it what is agreed."
            )
    elif repeated := reading.repeats_what_happened(plan.referral, said):
        refused.append(SAYS_WHAT_HAPPENED.format(words=repeated))
    if _printed_lines(said) > MOST_PRINTED:
        refused.append("This does not fit on one page: say it in fewer words.")
    if refused:
        raise NotReady(*refused)


def _printed_lines(text):
    return sum(-(-len(part) // WIDTH) for part in text.split("\n") if part.strip())
