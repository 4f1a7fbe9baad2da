"""Who may do what with what stands beside a referral, typed by hand from practice.md B6, B9, B23: whoever sees the
referral and may do the verb in the state where it is done; everybody else is denied."""

import pytest

from hsb.core import clock
from hsb.core.door import may
from referrals.models import Plan, PoliceReferral, Referral
from referrals.services import meetings, section47, transferring, working
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import plans_road, police_road
from tests.referrals.test_role_table import EVERYBODY, in_words

# Amara logged it, and wrote what is written; the front door holds it.
AT_THE_FRONT_DOOR = {
    ("draft", "submit"): {"amara", "dot", "dev"},
    ("submitted", "approve"): {"dev", "mo"},
    ("submitted", "return_to_worker"): {"dev", "mo"},
}
# Bea is the worker in Willow, whose manager is Mo; Dot, who logged it, reads it for some days more.
WITH_WILLOW = {
    # Form 87A, which Bea wrote.
    "form 87a needed draft": {"bea", "dot", "mo"},
    "form 87a drafted approve": {"mo"},
    "form 87a drafted return_to_drafter": {"mo"},
    "form 87a approved record_sent": {"bea", "dot", "mo"},
    "form 87a sent acknowledge": {"bea", "dot", "mo"},
    "form 87a sent refuse": {"bea", "dot", "mo"},
    "form 87a needed not_sent_because": {"mo"},
    "form 87a needed no_longer_needed_because": {"mo"},
    # A plan, which Bea wrote.
    "plan draft submit_plan": {"bea", "mo"},
    "plan submitted return_plan": {"mo"},
    "plan submitted agree_plan": {"mo"},
    "plan agreed change_plan": {"bea", "mo"},
    "plan agreed meet_plan": {"bea", "mo"},
    "plan agreed end_plan": {"bea", "mo"},
    # A section 47 enquiry on which Bea reported, and one on which Mo did.
    "section 47 open not_substantiated": {"mo"},
    "section 47 open continuing_risk": {"mo"},
    "section 47 reported-by-mo no_continuing_risk": set(),
    # Whether a strategy meeting is convened.
    "meeting requested convene": {"mo"},
    "meeting requested do_not_convene": {"mo"},
    "meeting not-convened request_again": {"bea", "dot", "mo"},
    # Another borough was asked by Mo.
    "transfer offered accept": {"mo"},
    "transfer offered refuse": {"mo"},
    "transfer offered withdraw": {"mo"},
}
# Eli has the child in Early Help, whose manager is Esi; Esi asked Rowan, whose manager is Max, to take the child.
WITH_EARLY_HELP = {
    "accept": {"max"},
    "refuse": {"max"},
    "withdraw": {"eli", "esi"},
}


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in sorted(EVERYBODY)}


def allowed(everybody, referral, noun, verb):
    def is_allowed(user):
        return Referral.objects.visible_to(user).filter(pk=referral.pk).exists() and may(noun, verb, user)

    return {name for name, user in everybody.items() if is_allowed(cast.again(user))}


@pytest.mark.parametrize(("row", "names"), AT_THE_FRONT_DOOR.items(), ids=in_words)
def test_an_assessment(row, names, everybody, front_door):
    state, verb = row
    if state == "draft":
        referral, _ = road.logged(everybody["amara"], harmed=False)
        assessment = cast.assessment(referral, everybody["amara"])
    else:
        referral, _ = road.awaiting(everybody["amara"])
        assessment = referral.latest_assessment()

    assert assessment.state == state
    assert allowed(everybody, referral, assessment, verb) == names


# What stands beside the case in the state of the row: (case, Bea, Mo) -> the noun.
def _form(made):
    return lambda case, bea, mo: made(case, bea, mo) or police_road.of(case)


def _plan(made):
    return lambda case, bea, mo: Plan.objects.get(pk=made(case, bea, mo).pk)


def _enquiry(by):
    def made(case, bea, mo):
        enquiry = section47.open_section_47(case, actor=mo, started_on=clock.today())
        found = {"seen": "alone", "findings": "Much.", "recommended": "no_continuing_risk"}
        section47.report_section_47(
            enquiry.reference,
            actor={"bea": bea, "mo": mo}[by],
            once="00000000-0000-4000-8000-000000000047",
            reported_on=clock.today(),
            **found,
        )
        return type(enquiry).objects.get(pk=enquiry.pk)

    return made


def _meeting(*, decided):
    def made(case, bea, mo):
        asked = case.meeting_decisions.get()  # asked for by its category
        if decided:
            told = {"reason": "Nothing new.", "weighed": road.weighed()}
            meetings.decide_meeting(asked.reference, actor=mo, convene=False, **told)
        return type(asked).objects.get(pk=asked.pk)

    return made


def _transfer(case, bea, mo):
    return transferring.offer_transfer(
        case.reference,
        actor=mo,
        borough="Elsewhere",
        person="The duty manager",
        sent_by="secure_mail",
        sent_on=clock.today(),
        what_was_sent="The assessment.",
        reason="The family moved.",
    )


MADE = {
    "form 87a needed": _form(lambda *_: None),
    "form 87a drafted": _form(lambda case, bea, mo: police_road.drafted(case, bea)),
    "form 87a approved": _form(police_road.approved),
    "form 87a sent": _form(police_road.sent),
    "plan draft": _plan(lambda case, bea, mo: plans_road.begun(case, bea)),
    "plan submitted": _plan(lambda case, bea, mo: plans_road.submitted(case, bea)),
    "plan agreed": _plan(plans_road.agreed),
    "section 47 open": _enquiry("bea"),
    "section 47 reported-by-mo": _enquiry("mo"),
    "meeting requested": _meeting(decided=False),
    "meeting not-convened": _meeting(decided=True),
    "transfer offered": _transfer,
}


@pytest.mark.parametrize(("row", "names"), WITH_WILLOW.items(), ids=list(WITH_WILLOW))
def test_with_a_statutory_team(row, names, everybody, front_door, willow):
    stands, verb = row.rsplit(" ", 1)
    dot, dev, bea, mo = (everybody[name] for name in ("dot", "dev", "bea", "mo"))
    case = road.at_work(road.with_statutory(dot, dev, willow, bea, "2"), bea)
    noun = MADE[stands](case, bea, mo)

    assert allowed(everybody, road.again(case), noun, verb) == names


@pytest.mark.parametrize(("verb", "names"), WITH_EARLY_HELP.items(), ids=list(WITH_EARLY_HELP))
def test_a_request_to_another_team(verb, names, everybody, front_door, hazel, rowan):
    amara, mo, eli, esi = (everybody[name] for name in ("amara", "mo", "eli", "esi"))
    case = road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)
    asked = working.offer(case.reference, actor=esi, kind="step_up", to_team=rowan, reason="More is needed.")

    assert allowed(everybody, road.again(case), asked, verb) == names


def test_every_verb_of_every_noun_has_a_row():
    """What is not here is the chair's (a meeting that is convened), or follows from another's verb (going stale)."""
    rows = (
        {row.rsplit(" ", 1)[1] for row in WITH_WILLOW} | {verb for _, verb in AT_THE_FRONT_DOOR} | set(WITH_EARLY_HELP)
    )
    nouns = (Plan, PoliceReferral, *(field.related_model for field in _beside()))
    verbs = {transition.name for noun in nouns for transition in noun().get_all_state_transitions()}

    assert verbs - rows == {"go_stale", "join", "conclude", "ask_anew"}


def _beside():
    names = ("assessments", "section_47s", "meeting_decisions", "offers", "borough_transfers")
    return [Referral._meta.get_field(name) for name in names]
