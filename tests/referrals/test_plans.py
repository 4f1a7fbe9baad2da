"""A child's plan: agreed by a manager, tested at its reviews; closing reads it; its papers name only this child."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from hsb.core import clock, document_store, work
from hsb.core.models import Task
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from referrals import guards
from referrals.models import Disclosure, Involvement, Plan, Referral
from referrals.selectors import plans as reading
from referrals.selectors.plans import concerns_since, service_dates
from referrals.selectors.reading import Reading
from referrals.services import plans, telling, working
from referrals.states import Basis
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import notes_road, plans_road
from tests.referrals.plans_road import ADULTS, LINE, PURPOSE, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Documents of a test go away with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case, reported a month ago."""
    about = cast.concern(amara, reported_on=in_days(-30))
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara, about=about)


def tasks(referral):
    """{kind: whose} of the open tasks of its plans."""
    found = Task.objects.open().filter(record=referral.record, about__contains="-P")
    return {task.kind: task.owner.name if task.owner else task.role for task in found}


def reported_again(case, amara, *, on, **fields):
    """A further concern about the same child."""
    about = cast.concern(amara, reported_on=on, **fields)
    Involvement.objects.create(concern=about, person=case.person, role="displayed", referral=case)
    return about


# --- Writing and agreeing ---


def test_a_plan_is_begun_written_returned_and_agreed(case, amara, mo):
    key = uuid4()
    plan = plans_road.begun(case, amara, once=key)
    assert plans_road.begun(case, amara, once=key) == plan
    assert tasks(case) == {"write_plan": "Amara"}
    with pytest.raises(NotReady, match="at least one line"):
        plans.submit_plan(plan.reference, actor=amara)
    line = plans_road.lined(plan, amara, once=key)
    assert plans_road.lined(plan, amara, once=key) == line
    with pytest.raises(NotReady, match="who does it"):
        plans_road.lined(plan, amara, owner=mo)

    stale = plans_road.again(plan).version - 1
    with pytest.raises(Changed):
        plans.submit_plan(plan.reference, actor=amara, version=stale)
    plans.submit_plan(plan.reference, actor=amara)
    assert tasks(case) == {"agree_plan": "manager"}
    with pytest.raises(NotReady, match="with a manager"):
        plans_road.lined(plan, amara)
    with pytest.raises(NotReady, match="what must change"):
        plans.return_plan(plan.reference, actor=mo, reason=" ")
    plans.return_plan(plan.reference, actor=mo, reason="Say who is there at break.")
    assert plans_road.again(plan).returned_because == "Say who is there at break."
    plans.take_out_line(plan.reference, actor=amara, number=1, reason="Said twice.")
    plans_road.lined(plan, amara)
    plans.submit_plan(plan.reference, actor=amara)
    agreed = plans.agree_plan(plan.reference, actor=mo)

    assert (agreed.state, agreed.agreed_by, agreed.returned_because) == ("agreed", mo, "")
    assert tasks(case) == {"plan_review": "Amara"}
    assert Task.objects.open().get(record=case.record, kind="plan_review").due_on == agreed.review_on
    assert road.again(case).next_due_on == work.next_due_on(case.record)
    entry = road.last_entry(case, "agree_plan")
    assert entry.facts["noun"] == plan.reference
    assert LINE not in str(entry.facts)


def test_what_a_plan_must_say(case, amara, bea):
    with pytest.raises(NotReady) as unmet:
        plans_road.begun(case, amara, kind="early_help", purpose=" ", began_on=in_days(1), review_on=in_days(0))
    assert len(unmet.value.sentences) == 4
    plan = plans_road.begun(case, amara)
    with pytest.raises(NotReady, match="stands already"):
        plans_road.begun(case, amara)
    for number in range(plans.MOST_LINES):
        plans_road.lined(plan, amara, what=f"Thing {number}.")
    with pytest.raises(NotReady, match="10 lines at most"):
        plans_road.lined(plan, amara)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.lines.filter(number=1).update(owner=bea)


def test_who_may(request, case, amara, mo):
    submitted = plans_road.submitted(case, amara)
    done = {"line": set(), "agree": set(), "end": set()}

    for who in ("amara", "bea", "carl", "mo", "max", "dev", "cho", "coo", "aud"):
        user = request.getfixturevalue(who)
        deeds = (
            ("line", lambda u: plans_road.begun(case, u, kind="child_in_need")),
            ("agree", lambda u: plans.agree_plan(submitted.reference, actor=u)),
            ("end", lambda u: plans.end_plan(submitted.reference, actor=u, reason="Another one.")),
        )
        for verb, deed in deeds:
            try:
                with transaction.atomic():
                    deed(user)
                    done[verb].add(who)
                    transaction.set_rollback(True)
            except Denied:
                pass

    assert done == {"line": {"amara", "mo"}, "agree": {"mo"}, "end": {"amara", "mo"}}
    own = plans_road.submitted(case, mo, kind="child_in_need")
    with pytest.raises(Denied):
        plans.agree_plan(own.reference, actor=mo)


def test_a_plan_for_safety_waits_for_no_decision(front_door, dot, dev):
    early, _ = road.logged(dot)

    plan = plans_road.agreed(early, dot, dev)

    assert plan.state == "agreed"
    assert reading.kinds_to_begin(early) == []


# --- Reviewing ---


def test_a_review_says_what_became_of_each_line(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo, began_on=in_days(-10))
    reported_again(case, amara, on=in_days(-2))
    key = uuid4()

    review = plans_road.reviewed(plan, amara, came="partly", once=key)

    assert plans_road.reviewed(plan, amara, once=key) == review
    after = plans_road.again(plan)
    assert (after.state, after.review_on, after.lines.get().state) == ("agreed", in_days(28), "partly")
    assert (review.number, review.concerns_since, review.lines.get().came) == (1, 1, "partly")
    assert Task.objects.open().get(record=case.record, kind="plan_review").due_on == in_days(28)
    with pytest.raises(NotReady) as unmet:
        plans_road.reviewed(
            plan, amara, lines={}, took_part="", held_on=in_days(-11), outcome="goes_on", next_review_on=None
        )
    assert len(unmet.value.sentences) == 4
    with pytest.raises(Changed):
        plans_road.reviewed(plan, amara, version=after.version - 1)


def test_a_plan_that_changes_is_agreed_again(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)

    plans_road.reviewed(plan, amara, came="did_not", outcome="changes")

    after = plans_road.again(plan)
    assert (after.state, after.state_in_words) == ("draft", "Being changed")
    assert tasks(case) == {"write_plan": "Amara"}
    with pytest.raises(AlreadyMoved):
        plans.agree_plan(plan.reference, actor=mo)
    plans.submit_plan(plan.reference, actor=amara)
    assert plans.agree_plan(plan.reference, actor=mo).review_on == in_days(28)
    assert tasks(case) == {"plan_review": "Amara"}


def test_a_plan_is_met_only_where_nothing_failed(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    with pytest.raises(NotReady, match="did not happen"):
        plans_road.reviewed(plan, amara, came="did_not", outcome="met")
    assert plans_road.again(plan).lines.get().state == "open"

    plans_road.reviewed(plan, amara, outcome="met")

    after = plans_road.again(plan)
    assert (after.state, after.ended_on, after.review_on) == ("met", clock.today(), None)
    assert tasks(case) == {}


def test_early_help_owes_its_own_review_only_without_a_plan(front_door, amara, dev, eli, esi, hazel):
    referral = road.with_early_help(amara, dev, hazel, worker=eli)
    owed = Task.objects.open().filter(record=referral.record, kind="early_help_review")
    assert owed.exists()

    plan = plans_road.agreed(referral, eli, esi, kind="early_help")
    assert not owed.exists()
    plans.end_plan(plan.reference, actor=eli, reason="Stepped up.")

    assert owed.exists()
    assert tasks(referral) == {}


def test_closing_reads_the_plan(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    case.closing_proposals.create(
        proposed_by=amara, proposed_at=clock.now(), closed_as="plan_met", plan_met=True, what_changed="Much."
    )
    assert not guards.plan_is_met(case)

    plans_road.reviewed(plan, amara, outcome="met")

    assert guards.plan_is_met(case)


# --- What tests it ---


def test_concerns_since_the_plan_began_are_counted(case, amara, bea, mo, willow):
    plan = plans_road.begun(case, amara, began_on=in_days(-10))
    reported_again(case, amara, on=in_days(-10))  # that day: what the plan answers
    reported_again(case, amara, on=in_days(-5))
    reported_again(case, amara, on=in_days(-4), happened_on=in_days(-40))
    reported_again(case, amara, on=in_days(-3)).involvements.update(status="unfounded")
    other = cast.referral(
        amara, held_by=willow, state="statutory", worker=amara, child=case.person, about=cast.concern(amara)
    )
    restricted = cast.referral(bea, held_by=willow, state="statutory", worker=bea, child=case.person, restricted=True)

    said = concerns_since(plan, amara)

    assert said["title"] == "2 concerns about this child since the plan began"
    assert len(said["days"]) == 3
    assert "Not counted, because it happened before the plan" in said["days"][-1]
    assert len(reading.concerns_counted(plan)) == 2
    assert (other.person, restricted.person) == (case.person, case.person)


def dates_of(referral, user):
    """As a page reads them that is opened now."""
    return service_dates(Reading(Referral.at(referral.reference).get(), user))


def test_the_dates_of_the_service(front_door, amara, bea, mo, willow):
    referral = road.with_statutory(amara, mo, willow, worker=bea)
    running = dates_of(referral, bea)
    assert [row["label"] for row in running] == ["Child and Family assessment"]
    assert "Started" in running[0]["values"][0]

    told = {"kind": "family_assessment", "done_on": clock.today(), "outcome": "The family agrees."}
    with pytest.raises(NotReady, match="what follows"):
        working.finish_service_step(referral.reference, actor=bea, **told)
    working.finish_service_step(referral.reference, actor=bea, follows="step_down", **told)

    assert dates_of(referral, bea)[0]["values"][2] == "Step down to Early Help. The family agrees."


# --- Papers ---


def read(document):
    return [page.extract_text() for page in PdfReader(BytesIO(document_store.content(document))).pages]


def test_the_familys_plan_and_the_schools_sheet_are_one_page_each(case, amara, mo):
    plan = plans_road.begun(case, amara, purpose="Calm days. " * 20)
    for number in range(plans.MOST_LINES):
        plans_road.lined(plan, amara, what=f"{LINE} {number}")
    plans.submit_plan(plan.reference, actor=amara)
    plans.agree_plan(plan.reference, actor=mo)
    key = uuid4()

    family = plans_road.sheet(plan, amara, kind="plan_for_family", recipient="The family", once=key)
    school = plans_road.sheet(plan, amara, adults_do=f"{ADULTS} " * 25)

    assert plans_road.sheet(plan, amara, kind="plan_for_family", once=key) == family
    (said,), (told,) = read(family), read(school)
    assert "Robin" in said
    assert "brindlewick" in said
    assert "ambercroft" in told
    assert "brindlewick" not in told
    assert "Calm days" not in told
    assert all("020 7946 0000" in page for page in (said, told))
    shared = Disclosure.objects.filter(record=case.record)
    assert list(shared.values_list("to_whom", "why", "basis")) == [
        ("The family", "Adults at the school know what to do.", Basis.WITHOUT.label),
        ("The head of year", "Adults at the school know what to do.", Basis.WITHOUT.label),
    ]
    with pytest.raises(NotReady, match="one page"):
        plans_road.sheet(plan, amara, adults_do="Somebody is there.\n" * 40)


def test_a_paper_names_no_other_child_and_says_nothing_of_what_happened(case, amara, mo):
    concern = case.involvements.get().concern
    ash = cast.person("Ash", "Made-Up")
    Involvement.objects.create(concern=concern, person=ash, role="harmed")
    lin = cast.person("Lin", "Sample", is_adult=True)
    Involvement.objects.create(concern=concern, person=lin, role="adult_affected")
    plan = plans_road.agreed(case, amara, mo)

    for fields in ({"adults_do": "Keep away from ASH's class."}, {"recipient": "For Made-Up"}):
        with pytest.raises(NotReady, match="names only this child"):
            plans_road.sheet(plan, amara, **fields)
    with pytest.raises(NotReady, match="never what happened"):
        plans_road.sheet(plan, amara, adults_do="Know that something was reported at school.")
    assert not Disclosure.objects.exists()
    assert plans_road.sheet(plan, amara, adults_do="Robin Sample goes to Lin.").number == 1


def test_nothing_goes_to_the_family_that_is_not_to_be_told_yet(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    notes_road.written(case, amara, do_not_disclose=True)
    family = {"kind": "plan_for_family", "recipient": "The family"}

    with pytest.raises(NotReady, match="a note, a paper or what the police told us that says"):
        plans_road.sheet(plan, amara, contact=notes_road.TEXT, **family)
    telling.hold_back(
        case.reference, actor=amara, concern=case.involvements.get().concern.reference, reason="The police asked."
    )
    with pytest.raises(NotReady, match="stands on a concern"):
        plans_road.sheet(plan, amara, **family)

    assert plans_road.sheet(plan, amara).number == 1


def test_nothing_is_begun_or_changed_once_the_referral_has_ended(case, amara, mo):
    plan = plans_road.begun(case, amara)
    type(case).objects.filter(pk=case.pk).update(state="closed", closed_on=clock.today(), closed_as="moved")

    for deed in (
        lambda: plans_road.begun(case, amara, kind="child_in_need"),
        lambda: plans_road.lined(plan, amara),
        lambda: plans.end_plan(plan.reference, actor=amara, reason="Over."),
    ):
        with pytest.raises(NotReady, match="has ended"):
            deed()
    assert Plan.objects.count() == 1
    assert plan.purpose == PURPOSE
    assert timedelta(days=28) == plan.review_on - plan.began_on
