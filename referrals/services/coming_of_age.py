"""A young person turns 18: what follows is planned from 17 and a half, and a manager decides at 18 (practice.md B20).

Nothing is overwritten: who plans or decides anew writes another row. The tasks are asked for by a sweep, which finds
the referrals by their children's dates of birth; so a date that is recorded or corrected later, a new episode and a
request to close that came back are all found by the same questions.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from hsb.core import clock, work
from hsb.core.calendar import months_before
from hsb.core.door import held, noted
from hsb.core.models import Record, Task
from hsb.core.numbers import last_number
from hsb.core.once import made_alike, tidy
from hsb.core.refusals import Changed, NotReady
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals.models import DecisionAt18, Referral, WhatFollows
from referrals.permissions import can_decide_at_18, can_plan_at_18
from referrals.selectors.coming_of_age import EIGHTEEN, ENDED, HALF_A_YEAR_BEFORE, has_reached
from referrals.services import holders
from referrals.services.disclosing import disclose
from referrals.states import ENDS_AT_18, IN_SERVICE, OPEN, DecidedAt18, FollowsAt18, Recipient, ReferralState

PLAN, REVIEW, DECIDE, CLOSE = "plan_at_18", "review_at_18", "decide_at_18", "close_at_18"
SAYS_SOMETHING_ELSE = (
    "This is recorded already, and says something else: it was sent before. What you typed last is not in it. Open the "
    "page again, and record it anew."
)
NOT_ITS_AGE = "The date of birth says something else now: the child is not that old, or it is not known."
BATCH = 500  # referrals that are locked together


# --- What follows, and the decision ---------------------------------------------------------------------------------


@transaction.atomic
def plan_what_follows(reference, *, actor, once, version=None, **told):
    """What follows at 18, on the referral; the version before it stays. Returns the WhatFollows.

    `told`: goes_on, where (codes of FollowsAt18), asked, asked_on, not_needed_because, young_person_says, plan and
    review_on. `version` is the number of the one that was read before. Raises Changed, NotReady.
    """
    return _write(WhatFollows, reference, actor, once, version, told)


@transaction.atomic
def decide_at_18(reference, *, actor, once, version=None, **told):
    """A manager closes, passes the young person to adult services, or goes on until a day. Returns the DecisionAt18.

    `told`: outcome (DecidedAt18), reason, passed_to, passed_on, accepted_by, until_on. The referral stays where it is:
    closing is proposed next, and keeps its own guards. Raises Changed, NotReady.
    """
    return _write(DecisionAt18, reference, actor, once, version, told)


def _write(model, reference, actor, once, version, told):
    referral = held(Referral, reference)
    new = model(record=referral.record, referral=referral, by=actor, once=once, **tidy(told))
    own = model.objects.filter(referral=referral, by=actor)
    if (before := made_alike(own, once, new, SAYS_SOMETHING_ELSE)) is not None:
        return before
    may, refuse, follow, more = {
        WhatFollows: (can_plan_at_18, _refuse_plan, _planned, {}),
        DecisionAt18: (can_decide_at_18, _refuse_decision, _decided, {"reason": told.get("reason", "")}),
    }[model]
    with noted(Referral, reference, model.verb, actor=actor, may=may, **more) as move:
        last = last_number(model.objects.filter(referral=referral))
        _refuse_stale(model, move.subject, version, last)
        unmet = [ENDED] if move.subject.has_ended else []
        unmet += refuse(new, move.subject)
        if unmet:
            raise NotReady(*unmet)
        new.number = last + 1
        new.reference = f"{referral.reference}-{'WF' if model is WhatFollows else 'AT'}{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        move.facts |= {"noun": new.reference, "text": new.vouched_for()[1]} | follow(new, move.subject, actor)
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return new


def _refuse_stale(model, referral, version, last):
    """Raises Changed where the page was opened before somebody else's row."""
    if version is None or version == last:
        return
    # None where a version was sent that never was.
    row = model.objects.select_related("by").filter(referral=referral, number=last).first()
    texts = ("young_person_says", "plan") if model is WhatFollows else ("reason",)
    raise Changed(
        reference=referral.reference,
        version=last,
        who=row.by.name if row else "",
        when=row.recorded_at if row else None,
        now={name: getattr(row, name) for name in texts} if row else {},
    )


def _refuse_plan(new, referral):
    """Sentences of what does not hold for what follows at 18."""
    if not has_reached(referral.person, HALF_A_YEAR_BEFORE):
        yield NOT_ITS_AGE
    if new.goes_on:
        if not new.where or set(new.where) - set(FollowsAt18.values):
            yield "Choose where the work goes on."
        if not new.asked or new.asked_on is None:
            yield "Say who was asked there, and when."
        elif new.asked_on > clock.today():
            yield "The day on which they were asked cannot be in the future."
    elif not new.not_needed_because:
        yield "Say why nothing further is needed."
    if new.where and not new.goes_on:
        yield "Say where the work goes on, or that nothing further is needed: not both."
    if not new.young_person_says or not new.plan:
        yield "Say what the young person says, and what the plan is."
    if new.review_on and new.review_on <= clock.today():
        yield "The day on which it is looked at again must be in the future."


def _planned(new, referral, actor):
    """The tasks that this version answers and opens; the facts of its entry."""
    work.finish(referral.record, PLAN, REVIEW, by=actor)
    if new.review_on:
        work.ask(referral.record, REVIEW, due_on=new.review_on, **holders.holder(referral))
    return {}


def _refuse_decision(new, referral):
    """Sentences of what does not hold for the decision at 18."""
    if not has_reached(referral.person, EIGHTEEN):
        yield NOT_ITS_AGE
    if not new.reason:
        yield "Give the reason for your decision."
    if new.outcome not in DecidedAt18.values:
        yield "Choose what you decide."
    if new.outcome == DecidedAt18.PASS:
        if not (new.passed_to and new.accepted_by and new.passed_on):
            yield "Say to whom it is passed, when, and who there accepted it."
        elif new.passed_on > clock.today():
            yield "Record the day on which it was passed once it has come."
    if new.outcome == DecidedAt18.GO_ON and (new.until_on is None or new.until_on <= clock.today()):
        yield "Enter until which day it goes on: a day in the future."


def _decided(new, referral, actor):
    """The tasks that this decision answers and opens; the facts of its entry."""
    work.finish(referral.record, DECIDE, by=actor)
    if new.outcome == DecidedAt18.PASS:
        disclose(
            referral.record,
            actor=actor,
            what="The young person's case, to be gone on with there",
            to_whom=f"{new.passed_to}: {new.accepted_by}",
            recipient=Recipient.ADULT,
            why=new.reason,
            basis="Safeguarding: passed to adult services at 18",
            on=new.passed_on,
        )
    if new.outcome in ENDS_AT_18:
        work.cancel(referral.record, PLAN, REVIEW, reason="Decided at 18.")
        if referral.state in IN_SERVICE:
            work.ask(referral.record, CLOSE, **holders.holder(referral))
    else:
        work.cancel(referral.record, CLOSE, reason="Decided anew: it goes on.")
    return {"outcome": new.outcome}


# --- The sweep ------------------------------------------------------------------------------------------------------


def sweep():
    """Asks for what the ages of the children ask for today, and no longer for what they do not. Returns how many tasks
    were opened, and how many are no longer needed.

    As many questions however many referrals there are, and one more set for every BATCH of which there is something to
    do. Run twice, or twice at once, it comes to the same.
    """
    today = clock.today()
    withdrawn = _in_batches(_asked_too_early(today), _withdraw)
    opened = 0
    for kind, wanted in ((PLAN, _to_plan(today)), (DECIDE, _to_decide(today)), (CLOSE, _to_close(today))):
        opened += _in_batches(wanted, lambda rows, kind=kind: _open(kind, rows))
    return opened, withdrawn


def _to_plan(today):
    """Referrals of a child of 17½ who is not 18 yet, of which nothing is planned or asked."""
    ages = Q(
        person__born_on__lte=months_before(today, HALF_A_YEAR_BEFORE),
        person__born_on__gt=months_before(today, EIGHTEEN),
    )
    planned = Exists(WhatFollows.objects.filter(referral=OuterRef("pk")))
    return _asked_for(PLAN).filter(ages, ~planned)


def _to_decide(today):
    """Referrals of whoever is 18, of which no decision stands, or one to go on until a day that has come."""
    stands = DecisionAt18.objects.standing().filter(referral=OuterRef("pk"))
    stands = stands.filter(~Q(outcome=DecidedAt18.GO_ON) | Q(until_on__gt=today))
    return _asked_for(DECIDE).filter(~Exists(stands), person__born_on__lte=months_before(today, EIGHTEEN))


def _to_close(today):
    """Referrals that were to be closed by a decision at 18, and are with a service again or still."""
    ends = DecisionAt18.objects.standing().filter(referral=OuterRef("pk"), outcome__in=ENDS_AT_18)
    ages = Q(person__born_on__lte=months_before(today, EIGHTEEN))
    return _asked_for(CLOSE).filter(Exists(ends), ages, state__in=IN_SERVICE)


def _asked_for(kind):
    """Open referrals of children, before a decision or with a service, of which no task of `kind` is open.

    Where closing is proposed nothing new is asked: it is about to end, or comes back to its service and is found then.
    """
    open_already = Exists(Task.objects.open().filter(record=OuterRef("pk"), kind=kind))
    found = Referral.objects.filter(state__in=OPEN, person__is_adult=False, record__holding_team__isnull=False)
    return found.exclude(state=ReferralState.CLOSING_PROPOSED).filter(~open_already)


def _asked_too_early(today):
    """Referrals with a task whose child is not that old, or an adult by now, as the date of birth stands."""
    early = Q(kind__in=(PLAN, REVIEW)) & _not_reached(months_before(today, HALF_A_YEAR_BEFORE))
    early |= Q(kind__in=(DECIDE, CLOSE)) & _not_reached(months_before(today, EIGHTEEN))
    tasks = Task.objects.open().filter(kind__in=(PLAN, REVIEW, DECIDE, CLOSE)).filter(early)
    return Referral.objects.filter(pk__in=tasks.values("record"))


def _not_reached(born_by):
    """Of a task: the child on whose record it hangs was not born by then."""
    person = "record__referral__person__"
    return (
        Q(**{f"{person}born_on__isnull": True})
        | Q(**{f"{person}born_on__gt": born_by})
        | Q(**{f"{person}is_adult": True})
    )


def _in_batches(wanted, act):
    """`act` on (key, worker, team) of the referrals of `wanted`, BATCH by BATCH; returns the sum of what it returns.

    Asked again under the lock on their records: somebody may have closed, planned or decided meanwhile.
    """
    total, after = 0, 0
    while True:
        keys = list(wanted.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            return total
        with transaction.atomic():
            list(Record.objects.locked().filter(pk__in=keys).order_by("pk").values_list("pk"))
            rows = list(wanted.filter(pk__in=keys).values_list("pk", "worker", "record__holding_team"))
            if rows:
                total += act(rows)
                holders.refresh_due_of([key for key, _, _ in rows])
        if len(keys) < BATCH:
            return total
        after = keys[-1]


def _open(kind, rows):
    """One task of `kind` on each: its worker's, or the managers' of the team that has it. Returns how many."""
    today, now = clock.today(), clock.now()
    due_on = timescale(kind).due_on(today)
    tasks = []
    for key, worker, team in rows:
        named = worker is not None and kind != DECIDE
        whose = {"owner_id": worker} if named else {"team_id": team, "role": Role.MANAGER}
        tasks.append(Task(record_id=key, kind=kind, started_on=today, due_on=due_on, opened_at=now, **whose))
    # The constraint keeps each once; under the lock nothing of ours gets there first.
    return len(Task.objects.bulk_create(tasks, ignore_conflicts=True))


def _withdraw(rows):
    today = clock.today()
    keys = [key for key, _, _ in rows]
    gone = 0
    for kinds, months in (((PLAN, REVIEW), HALF_A_YEAR_BEFORE), ((DECIDE, CLOSE), EIGHTEEN)):
        early = Task.objects.open().filter(_not_reached(months_before(today, months)), record__in=keys, kind__in=kinds)
        gone += Task.objects.filter(pk__in=list(early.values_list("pk", flat=True))).update(
            cancelled_at=clock.now(), cancelled_reason=NOT_ITS_AGE
        )
    return gone
