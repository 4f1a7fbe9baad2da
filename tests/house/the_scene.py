"""One borough at work, for the tests of the fences: who stands in which relation to which child.

Nia logs what is logged, the front door (Dot, Dev) assesses and decides, Willow (Amara, Mo, Bea) or Hazel (Eli, Esi,
Eve) has the children afterwards. Carl and Max are Rowan's: nothing here is theirs, but what Max is asked to take.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from hsb.core import clock
from hsb.core.calendar import months_before
from hsb.overview.services.search import keep_search
from hsb.people.states import Role, Service, Tool
from panels.services import mapping
from panels.services import planning as panel_planning
from panels.services import sitting as panel_sitting
from referrals.models import Concern, Person, Referral
from referrals.selectors.emergencies import hit_of
from referrals.services import (
    access_requests,
    assessing,
    behaviours,
    concern_drafts,
    deciding,
    emergencies,
    intake,
    markers,
    meetings,
    reassigning,
    relating,
    restricting,
    same_child,
    section47,
    telling,
    transferring,
    urgent,
    working,
)
from referrals.services.person_keys import index_person
from referrals.states import OfferKind
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.services import amending, intel, minutes, papers, sitting
from tests import cast
from tests.panels import mapping_road, panel_road
from tests.referrals import (
    age_road,
    aim_road,
    brook_road,
    case_road,
    consent_road,
    events_road,
    notes_road,
    papers_of_a_child,
    plans_road,
    police_road,
)
from tests.remembered import walked_only
from tests.strategy_meetings import intel_road, meeting_road


@dataclass
class Case:
    """A referral in some state, what its pages' addresses are made of, and who in the cast stands where to it."""

    referral: Referral
    people: dict
    told: dict = field(default_factory=dict)

    def __post_init__(self):
        self.referral = case_road.again(self.referral)
        concern = Concern.objects.filter(involvements__referral=self.referral).select_related("record").first()
        self.told = {
            "reference": self.referral.reference,
            "concern": concern.reference,
            "person": self.referral.person.reference,
            "number": 1,
            "part": self.referral.involvements.order_by("pk").values_list("pk", flat=True).first(),
            "page": "category",
            "group": "contact",
        } | self.told

    def told_to(self, place):
        """What the path of that place is made from: a concern's page is called by the concern's reference."""
        if place.name in ("overview:break_glass", "overview:ask_access"):
            return self.told | {"reference": self.told.get("search", str(uuid4()))}
        if place.name == "overview:setting":
            return self.told | {"key": "stuck_working_days"}
        if place.name == "referrals:change_pathway_text":
            return self.told | {"version": "2026.1", "key": "tier-3"}
        if place.name == "referrals:reassignment":
            return self.told | {"order": self.told.get("order", str(uuid4()))}
        if place.name in (*OF_AN_INTEL_FORM, *OF_THE_SIFT):
            return self.told | {"reference": self.told.get("intel", "INT-1999-00001")}
        if place.name in OF_A_CHILD:
            return self.told
        if place.name.startswith("panels:") and "map" in place.name:
            return self.told | {"reference": self.told.get("mapping", "MAP-1999-00001")}
        if place.name.startswith("strategy_meetings:"):
            return self.told | {"reference": self.told.get("meeting", "MTG-1999-00001")}
        if place.name.startswith("panels:"):
            return self.told | {"reference": self.told.get("panel", "PAN-1999-00001")}
        if place.name in ("referrals:concern", "referrals:logged"):
            return self.told | {"reference": self.told["concern"]}
        return self.told


# Pages of the floors above that are called by the referral's reference.
OF_A_CHILD = (
    "strategy_meetings:of_referral",
    "strategy_meetings:schedule",
    "strategy_meetings:new_facts",
    "strategy_meetings:telephone",
    "strategy_meetings:begin_intel_for_child",
    "panels:call_mapping_for",
    "panels:mapping_of_child",
)
OF_AN_INTEL_FORM = (
    "strategy_meetings:intel",
    "strategy_meetings:write_intel",
    "strategy_meetings:add_intel_harmed",
    "strategy_meetings:add_intel_person",
    "strategy_meetings:search_intel_harmed",
    "strategy_meetings:search_intel_person",
    "strategy_meetings:found_intel_harmed",
    "strategy_meetings:found_intel_person",
    "strategy_meetings:add_intel_location",
    "strategy_meetings:add_intel_theme",
    "strategy_meetings:change_entry",
    "strategy_meetings:drop_entry",
    "strategy_meetings:submit_intel",
    "strategy_meetings:let_panel_read",
    "strategy_meetings:withdraw_intel",
    "strategy_meetings:read_intel_answer",
)
# Floor 3's pages that are called by an intel form's reference; its others are called by the panel's.
OF_THE_SIFT = ("panels:sift", "panels:sift_who_looked", "panels:propose", "panels:decide", "panels:advise")
RELATIONS = (
    "the author",
    "the author's manager",
    "a worker of the team that held it first",
    "the manager of the team that held it first",
    "the allocated worker",
    "the manager of the allocated team",
    "a team-mate of the allocated worker",
    "a stranger",
    "a stranger who manages",
    "the chair",
    "the minute taker",
    "the coordinator",
    "the auditor",
    "the administrator",
    "nobody signed in",
)


class Scene:
    """Teams, people (by name, in small letters) and cases (by what is special about them)."""

    def __init__(self, cases=()):
        """With these cases; the others are made when they are first asked for."""
        self._teams()
        self._people()
        self.cases = {}
        for code in cases:
            self.case(code)

    def signed_in(self):
        """{user: a browser in which they have signed in, which answers a fault as a page}."""
        browsers = {user: Client(raise_request_exception=False) for user in self.people.values()}
        for user, browser in browsers.items():
            browser.force_login(user)
        return browsers

    def _teams(self):
        self.front_door = cast.team("Front door", Service.FRONT_DOOR)
        self.oak = cast.team("Oak", Service.STATUTORY)
        self.willow = cast.team("Willow", Service.STATUTORY)
        self.rowan = cast.team("Rowan", Service.STATUTORY)
        self.hazel = cast.team("Hazel", Service.EARLY_HELP)
        self.juniper = cast.team("Juniper", Service.SPECIALIST)
        self.aspen = cast.team("Aspen", Service.PANEL)
        self.linden = cast.team("Linden", Service.GOVERNANCE)

    def _people(self):
        seats = {
            "Nia": (self.oak, Role.PRACTITIONER),
            "Ola": (self.oak, Role.MANAGER),
            "Dot": (self.front_door, Role.PRACTITIONER),
            "Dev": (self.front_door, Role.MANAGER),
            "Amara": (self.willow, Role.PRACTITIONER),
            "Bea": (self.willow, Role.PRACTITIONER),
            "Mo": (self.willow, Role.MANAGER),
            "Eli": (self.hazel, Role.PRACTITIONER),
            "Eve": (self.hazel, Role.PRACTITIONER),
            "Esi": (self.hazel, Role.MANAGER),
            "Carl": (self.rowan, Role.PRACTITIONER),
            "Max": (self.rowan, Role.MANAGER),
            "Cho": (self.juniper, Role.CHAIR),
            "Min": (self.juniper, Role.MINUTE_TAKER),
            "Coo": (self.aspen, Role.COORDINATOR),
            "Aud": (self.linden, Role.AUDITOR),
            "Dee": (self.linden, Role.ADMINISTRATOR),
        }
        self.people = {name.lower(): cast.user(name, seat) for name, seat in seats.items()}

    def __getattr__(self, name):
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def relations(self, *, early_help=False):
        """Who is meant by each of RELATIONS, on a child of Willow's or of Hazel's."""
        service = (self.eli, self.esi, self.eve) if early_help else (self.amara, self.mo, self.bea)
        first = (self.nia, self.ola, self.dot, self.dev)
        others = (self.carl, self.max, self.cho, self.min, self.coo, self.aud, self.dee, None)
        return dict(zip(RELATIONS, (*first, *service, *others), strict=True))

    # --- Cases ---

    def case(self, code):
        """The case of that code, made when it is first asked for."""
        if code not in self.cases:
            build = getattr(self, f"_{code}")
            with walked_only():
                self.cases[code] = build()
        return self.cases[code]

    def _of(self, referral, *, early_help=False, **told):
        return Case(referral, self.relations(early_help=early_help), told)

    def _awaiting_referral(self, category="1"):
        referral, _ = case_road.logged(self.nia, harmed=False)
        return case_road.assess_displayed(referral, self.dot, category)

    def _with_willow(self, worker=None, category="1"):
        referral = self._awaiting_referral(category)
        there = deciding.Destination(team=self.willow, worker=worker, reason="Social work is needed.")
        deciding.allocate(referral.reference, actor=self.dev, destination=there)
        return case_road.again(referral)

    def _with_hazel(self):
        referral = self._awaiting_referral("0")
        there = deciding.Destination(team=self.hazel, worker=self.eli, reason="Early help fits.")
        family = deciding.FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())
        deciding.allocate(referral.reference, actor=self.dev, destination=there, family=family)
        return case_road.at_work(referral, self.eli)

    def _at_work(self, category="1"):
        return case_road.at_work(self._with_willow(self.amara, category), self.amara)

    def _received(self):
        referral, _ = case_road.logged(self.nia, harmed=False)
        return self._of(referral)

    def _assessing(self):
        """Category 1 is chosen, so that every page of the full assessment is there; one behaviour is described."""
        referral, _ = case_road.logged(self.nia, harmed=False)
        assessment = assessing.begin_assessment(referral.reference, actor=self.dot)
        concern = referral.involvements.get().concern
        behaviours.add_behaviour(
            assessment.reference, actor=self.dot, concern=concern, description="What was seen.", category="1"
        )
        assessing.save_page(assessment.reference, actor=self.dot, page="category", answers={"category": "1"})
        return self._of(referral)

    def _begun(self):
        """Nothing is answered yet: the one-page form."""
        referral, _ = case_road.logged(self.nia, harmed=False)
        assessing.begin_assessment(referral.reference, actor=self.dot)
        return self._of(referral)

    def _harmed(self):
        """The assessment of a child who was harmed: safety and support."""
        _, referral = case_road.logged(self.nia)
        assessing.begin_assessment(referral.reference, actor=self.dot)
        return self._of(referral)

    def _awaiting(self):
        return self._of(self._awaiting_referral())

    def _unnamed(self):
        """With Willow, where nobody has it yet."""
        return self._of(self._with_willow())

    def _named(self):
        """With Amara, who has not begun."""
        return self._of(self._with_willow(self.amara))

    def _statutory(self):
        """With Amara, at work; whether a strategy meeting is convened waits for a decision."""
        return self._of(self._at_work())

    def _both_ways(self):
        """With Amara; the child displayed in one concern, and was harmed in another."""
        referral = self._at_work()
        case_road.harmed_too(referral, self.nia)
        return self._of(case_road.again(referral))

    def _noted(self):
        """With Amara, who wrote a note that asks Mo to read it, and recorded a significant event."""
        referral = self._at_work()
        notes_road.written(referral, self.amara, readers=[self.mo])
        events_road.recorded(referral, self.amara)
        return self._of(referral)

    def _plan_lined(self):
        """With Amara, who writes a plan of one line."""
        referral = self._at_work()
        plans_road.lined(plans_road.begun(referral, self.amara), self.amara)
        return self._of(referral)

    def _plan_submitted(self):
        """Amara passed her plan to the managers."""
        referral = self._at_work()
        plans_road.submitted(referral, self.amara)
        return self._of(referral)

    def _plan_agreed(self):
        """Mo agreed to it, and a sheet for the school was made."""
        referral = self._at_work()
        consent_road.answered(referral, self.amara)
        plans_road.sheet(plans_road.agreed(referral, self.amara, self.mo), self.amara)
        return self._of(referral, document=1)

    def _aimed(self):
        """With Amara, who is trained in AIM3 and recorded such an assessment."""
        referral = self._at_work()
        cast.train(self.amara, Tool.AIM3)
        aim_road.recorded(referral, self.amara, age_reason="It was weighed.")
        return self._of(referral)

    def _brook_found(self):
        """With Amara, who is trained in the Brook tool and recorded a colour."""
        referral = self._at_work()
        cast.train(self.amara)
        brook_road.recorded(referral, self.amara)
        return self._of(referral)

    def _consented(self):
        """With Amara, whom the child told that the school may know."""
        referral = self._at_work()
        consent_road.answered(referral, self.amara)
        return self._of(referral)

    def _help_refused(self):
        """With Eli of Early Help, whom the child told that they want none."""
        referral = self._with_hazel()
        consent_road.answered(referral, self.eli, purpose="early_help", answer="refused")
        return self._of(referral, early_help=True)

    def _eighteen(self):
        """With Amara, who planned what follows; the young person is 18."""
        referral = self._at_work()
        born_on = months_before(clock.today(), 18 * 12)
        Person.objects.filter(pk=referral.person_id).update(born_on=born_on, birth_precision="known")
        age_road.planned(case_road.again(referral), self.amara)
        return self._of(referral)

    def _family(self):
        """With Amara, at work; the child's mother is recorded, and a search that Amara made stands."""
        referral = self._at_work()
        newcomer = {"given_name": "Lin", "family_name": "Sample", "is_adult": True}
        about = {"once": uuid4(), "code": "mother", "details": {"parental_responsibility": "yes"}}
        row = relating.relate(referral.reference, actor=self.amara, newcomer=newcomer, **about)
        terms = {"words": "Robin Sample", "born_on": "", "number": ""}
        kept = relating.search(referral.reference, actor=self.amara, terms=terms)
        return self._of(referral, relationship=str(row.once), search=str(kept), who="new")

    def _settled(self):
        """With Amara, at work, and nothing waits."""
        referral = self._at_work()
        decision = referral.meeting_decisions.last()
        meetings.decide_meeting(
            decision.reference, actor=self.mo, convene=False, reason="Not this time.", weighed=case_road.weighed()
        )
        return self._of(referral)

    def _police(self):
        """Form 87A is needed."""
        referral = self._at_work("2")
        return self._of(referral, about=police_road.of(referral).reference)

    def _police_step(self, step, *people):
        referral = self._at_work("2")
        getattr(police_road, step)(referral, self.amara, *people)
        return self._of(referral, about=police_road.of(referral).reference)

    def _advised(self):
        """The police advised something for every child of the concern."""
        referral = self._at_work()
        concern = referral.involvements.first().concern.reference
        police_road.called(referral, self.amara, advice="Say nothing yet.", advice_for=[concern])
        return self._of(referral)

    def _documented_child(self):
        """Amara added a document, of which the family is not told yet."""
        referral = self._at_work()
        document = papers_of_a_child.added(referral, self.amara, do_not_disclose=True)
        return self._of(referral, document=document.reference)

    def _document_told(self):
        """Amara added a document of which the family may be told."""
        referral = self._at_work()
        return self._of(referral, document=papers_of_a_child.added(referral, self.amara).reference)

    def _assessment_held(self):
        """Nothing of the first assessment is told to the family yet."""
        referral = self._at_work()
        assessment = referral.assessments.get(number=1)
        telling.hold_assessment_back(assessment.reference, actor=self.amara, reason="The police asked.")
        return self._of(referral)

    def _police_called(self):
        return self._police_step("called")

    def _police_drafted(self):
        """By Amara: Mo approves."""
        return self._police_step("drafted")

    def _police_approved(self):
        return self._police_step("approved", self.mo)

    def _police_sent(self):
        return self._police_step("sent", self.mo)

    def _police_refused(self):
        """Amara recorded that the police refused it."""
        return self._police_step("refused", self.mo)

    def _supplement_drafted(self):
        """By Amara: Mo approves."""
        return self._police_step("supplement_drafted", self.mo)

    def _supplement_approved(self):
        return self._police_step("supplement_approved", self.mo)

    def _supplement_sent(self):
        return self._police_step("supplement_sent", self.mo)

    def _notified(self):
        """The police told us something of the child, and nothing followed yet."""
        referral = self._at_work()
        return self._of(referral, notification=str(police_road.notified(referral, self.amara).once))

    def _marked(self):
        """A marker is on the child, with Amara."""
        referral = self._at_work()
        markers.add_marker(
            referral.reference,
            actor=self.amara,
            once=uuid4(),
            person=referral.person.reference,
            kind="in_pairs",
            reason="The dog is loose.",
            agreed_by=self.mo,
            review_on=clock.today() + timedelta(days=30),
            person_told_on=clock.today(),
            parent_not_told_because="Nobody was at home.",
        )
        return self._of(referral)

    def _protected(self):
        """Immediate protection waits for its follow-up."""
        referral = self._at_work()
        self.protect(referral)
        return self._of(referral)

    def protect(self, referral):
        urgent.record_protection(
            referral.reference,
            actor=self.amara,
            once=uuid4(),
            what="The children are apart.",
            done_on=clock.today(),
            who_was_told="The duty manager",
        )

    def _family_assessed(self):
        """The Child and Family assessment is complete: another one can begin."""
        referral = self._at_work()
        told = {"done_on": clock.today(), "outcome": "The family agrees.", "follows": "child_in_need"}
        working.finish_service_step(referral.reference, actor=self.amara, kind="family_assessment", **told)
        return self._of(referral)

    def _early_help(self):
        return self._of(self._with_hazel(), early_help=True)

    def _offered(self):
        """Rowan is asked to take it: the stranger who manages has an answer to give."""
        referral = self._with_hazel()
        working.offer(
            referral.reference, actor=self.eli, kind=OfferKind.STEP_UP, to_team=self.rowan, reason="More is needed."
        )
        return self._of(referral, early_help=True)

    def _borough_asked(self):
        """Another borough was asked to take the child, and has not answered."""
        referral = self._at_work()
        transferring.offer_transfer(
            referral.reference,
            actor=self.mo,
            borough="Otherborough",
            person="The duty manager there",
            sent_by="secure_mail",
            sent_on=clock.today(),
            what_was_sent="The summary.",
            reason="The family has moved.",
        )
        return self._of(referral)

    def _handed_on(self):
        """Mo has ordered that the child goes from Amara to Bea; nobody has done it yet."""
        referral = self._at_work()
        order = reassigning.order(
            actor=self.mo, leaver=self.amara, to={referral.reference: self.bea}, reason="Leave.", once=uuid4()
        )
        return self._of(referral, user=self.amara.reference, order=str(order.reference))

    def _broken_into(self):
        """Carl opened it in an emergency."""
        referral = self._at_work()
        emergencies.break_glass(referral.reference, actor=self.carl, reason="The child is in hospital.")
        return self._of(referral)

    def _asked_for(self):
        """Carl asks to read it."""
        referral = self._at_work()
        access_requests.ask(
            referral.reference, actor=self.carl, reason="A sibling is in my team.", days=5, once=uuid4()
        )
        return self._of(referral)

    def _met(self):
        """A child of Rowan's whom Nia found and may not open."""
        child = cast.person("Merle", "Elsewhere")
        index_person(child)
        cast.referral(self.max, held_by=self.rowan, state="statutory", child=child)
        search = keep_search(user=self.nia, terms={"typed": "Merle Elsewhere", "words": "Merle Elsewhere"})
        told = {"search": str(search), "hit": hit_of(self.nia, child.reference)}
        return self._of(self.case("received").referral, **told)

    def _reassessed(self):
        """A reassessment waits for the manager."""
        return self._of(case_road.reassessed(self._at_work(), self.amara, "1"))

    def _proposed(self):
        return self._of(self._proposed_referral())

    def _proposed_referral(self):
        referral = self._at_work()
        decision = referral.meeting_decisions.last()
        meetings.decide_meeting(
            decision.reference, actor=self.mo, convene=False, reason="Not this time.", weighed=case_road.weighed()
        )
        return case_road.closing_proposed(referral, self.amara)

    def _closed(self):
        referral = self._proposed_referral()
        working.close(referral.reference, actor=self.mo, reason="The plan is met.", weighed=case_road.weighed())
        return self._of(referral)

    # --- Strategy meetings: Cho chairs, Min takes the minutes ---

    def _convened(self):
        """A meeting is convened, and none is planned."""
        referral = self._at_work()
        meeting_road.convened(referral, self.mo)
        return self._of(referral)

    def _meeting(self):
        referral = self._at_work()
        fields = {"starts_at": clock.now(), "place": "Room 1"}
        return meeting_road.planned(meeting_road.convened(referral, self.mo), self.cho, self.min, **fields)

    def _of_meeting(self, meeting, **told):
        referral = meeting.children.get(number=1).referral
        return self._of(referral, meeting=meeting.reference, source=meeting.reference, about=meeting.reference, **told)

    def _planned(self):
        return self._of_meeting(self._meeting())

    def _held(self):
        """Everything is agreed, and not issued."""
        meeting = self._meeting()
        meeting_road.held(meeting, self.cho)
        meeting_road.agreed(meeting, 1, self.min, review=True, review_on=clock.today() + timedelta(days=28))
        return self._of_meeting(meeting)

    def _issued_meeting(self, **answers):
        return meeting_road.issued(self._meeting(), self.cho, {1: answers})

    def _issued(self):
        """A section 47 enquiry, immediate action, an action and an intel form are to be done; minutes to be written."""
        meeting = self._issued_meeting(
            section_47=True,
            immediate_action=True,
            immediate_what="The children are apart.",
            intel="needed",
            intel_reason="",
            intel_by=self.min,
            intel_due_on=clock.today(),
        )
        return self._of_meeting(meeting)

    def _nfa(self):
        """No further action waits for Mo."""
        return self._of_meeting(self._issued_meeting(nfa=True))

    def _conference(self):
        """The enquiry found a continuing risk: the conference is to be held."""
        case = self._of_meeting(self._issued_meeting(section_47=True))
        section47.conclude_section_47(
            case.referral.section_47s.get().reference,
            actor=self.mo,
            conclusion="continuing_risk",
            reason="What was weighed.",
            concluded_on=clock.today(),
        )
        return case

    def _minutes(self, *, until):
        meeting = self._issued_meeting(immediate_action=True, immediate_what="The children are apart.")
        minutes.write_minutes(meeting.reference, actor=self.min, shared="Who was there.", closed={1: "What was said."})
        for step in until:
            if step == "circulate":
                meeting_road.sent_out(meeting, self.min)
            getattr(minutes, step)(meeting.reference, actor=self.cho)
        return self._of_meeting(meeting)

    def _sent_out(self):
        """The minutes are confirmed, and every copy went out."""
        case = self._minutes(until=("submit_minutes", "approve_minutes"))
        meeting_road.sent_out(StrategyMeeting.at(case.told["meeting"]).get(), self.min)
        return case

    def _written(self):
        return self._minutes(until=())

    def _drafted(self):
        return self._minutes(until=("submit_minutes",))

    def _approved(self):
        return self._minutes(until=("submit_minutes", "approve_minutes"))

    def _documented(self):
        """The minutes are confirmed; the first document is the copy about the child."""
        case = self._minutes(until=("submit_minutes", "approve_minutes"))
        papers.make_paper(
            case.told["meeting"], actor=self.min, once=uuid4(), kind="copy", number=1, recipient="The school"
        )
        return case

    def _amended(self):
        """The minutes are confirmed; the chair proposed an amendment, which waits for a second person."""
        case = self._minutes(until=("submit_minutes", "approve_minutes"))
        amending.propose_amendment(
            case.told["meeting"], actor=self.cho, once=uuid4(), text="The school's part reads differently."
        )
        return case

    def _new_facts(self):
        """A meeting is planned, and new facts were brought to its chair."""
        meeting = self._meeting()
        referral = meeting.children.get(number=1).referral
        meetings.bring_new_facts(referral.reference, actor=self.amara, facts="Something more came to light.")
        return self._of_meeting(meeting)

    def _circulated(self):
        return self._minutes(until=("submit_minutes", "approve_minutes", "circulate"))

    # --- Intel forms: Min writes, Coo coordinates the panel ---

    def _intel_case(self, *, until=()):
        """Complete, of the meeting's child alone; each of `until` is done in turn."""
        needed = {"intel": "needed", "intel_reason": "", "intel_by": self.min, "intel_due_on": clock.today()}
        case = self._of_meeting(
            self._issued_meeting(immediate_action=True, immediate_what="The children are apart.", **needed)
        )
        form = intel_road.complete(intel_road.begun(case.told["meeting"], self.min), self.min)
        if "submit" in until:
            intel.submit(form.reference, actor=self.min)
        if "accept" in until:
            intel.answer(form.reference, "accept", actor=self.coo, reason="It is for the panel.")
        case.told["intel"] = form.reference
        return case

    def _intel(self):
        """And a search that Cho made for it."""
        case = self._intel_case()
        terms = {"words": "Robin Sample", "born_on": "", "number": ""}
        case.told["search"] = str(intel.search(case.told["intel"], actor=self.cho, terms=terms))
        return case

    def _intel_submitted(self):
        return self._intel_case(until=("submit",))

    def _intel_shut(self):
        """With the panel, whose coordinators read it no more: its child was restricted since."""
        case = self._intel_submitted()
        restricting.restrict(case.referral.reference, actor=self.mo, reason="A relative works here.")
        return case

    def _intel_answered(self):
        return self._intel_case(until=("submit", "accept"))

    def _unreferred(self):
        """A child of another borough takes part without a referral of ours: the action hangs on the meeting."""
        meeting = self._meeting()
        stranger = meeting_road.take_in_without_referral(meeting, self.nia)
        meeting_road.held(meeting, self.cho)
        for number in (1, stranger.number):
            meeting_road.agreed(meeting, number, self.cho, immediate_action=True, immediate_what="Apart.")
        sitting.issue_decisions(meeting.reference, actor=self.cho)
        number = stranger.actions().get().number
        return self._of_meeting(meeting, number=number)

    # --- Mapping meetings: Cho calls and chairs; Amara's child is on the map ---

    def _mapping(self, *, held=True):
        """(meeting, referral): the group is 1 on the map, the child 2, the park 3; two links."""
        referral = self._at_work()
        meeting = mapping_road.called(self.cho)
        child = mapping_road.put(meeting, self.cho, referral.person)
        park = mapping_road.placed(meeting, self.cho)
        mapping_road.linked(meeting, self.cho, child, park, "goes_to")
        mapping_road.linked(meeting, self.cho, child, meeting.nodes.get(number=1), "member_of")
        if held:
            mapping_road.held(meeting, self.cho)
        return meeting, referral

    def _of_mapping(self, meeting, referral, number=2, **told):
        return self._of(referral, mapping=meeting.reference, number=number, **told)

    def _map_planned(self):
        """Planned, its map prepared; and a search that Cho made for it."""
        meeting, referral = self._mapping(held=False)
        terms = {"words": "Robin Sample", "born_on": "", "number": ""}
        kept = mapping.search(meeting.reference, actor=self.cho, terms=terms)
        return self._of_mapping(meeting, referral, search=str(kept))

    def _map_postponed(self):
        meeting, referral = self._mapping(held=False)
        mapping.postpone(meeting.reference, actor=self.cho, reason="The police cannot come.")
        return self._of_mapping(meeting, referral)

    def _map_held(self):
        """Nothing is agreed for the child yet."""
        return self._of_mapping(*self._mapping())

    def _map_agreed(self):
        """An action stands on the child's referral, and everybody on the map is answered."""
        meeting, referral = self._mapping()
        mapping_road.acted(meeting, self.cho, meeting.nodes.get(number=2))
        return self._of_mapping(meeting, referral, number=1, source=meeting.reference)

    def _map_owed(self):
        """An action for an adult without a referral hangs on the meeting."""
        meeting, referral = self._mapping()
        wren = mapping_road.put(meeting, self.cho, cast.person("Wren", "Newcomer", is_adult=True))
        mapping_road.acted(meeting, self.cho, wren)
        return self._of_mapping(meeting, referral, number=1)

    def _map_closed(self):
        meeting, referral = self._mapping()
        mapping_road.no_action(meeting, self.cho, meeting.nodes.get(number=2))
        mapping_road.closed(meeting, self.cho)
        return self._of_mapping(meeting, referral)

    # --- The panel: Coo coordinates, Mo sits on it ---

    def _told_the_panel(self, *entries):
        """A form of Amara's about her child and a place, submitted."""
        referral = self._at_work()
        entries = (panel_road.of_child(referral.person), panel_road.at_place(f"Park of {referral.reference}"), *entries)
        form = panel_road.submitted(referral, self.amara, *entries, children=[(referral.person, referral)])
        return referral, form

    def _sift_submitted(self):
        referral, form = self._told_the_panel()
        return self._of(referral, intel=form.reference)

    def _sift_proposed(self):
        referral, form = self._told_the_panel()
        panel_road.proposed(form, self.coo)
        return self._of(referral, intel=form.reference)

    def _panel(self, until=""):
        """A panel with what was accepted until now on its agenda, in the state that `until` names."""
        referral, form = self._told_the_panel()
        panel_road.proposed(form, self.coo)
        panel_road.decided(form, self.coo)
        panel = panel_road.planned(self.coo)
        if until in ("", "planned"):
            return referral, form, panel
        panel = panel_planning.collect(panel.reference, actor=self.coo)
        panel_road.agenda.compile_agenda(panel.reference, actor=self.coo)
        if until != "collecting":
            panel_planning.save_seat(
                panel.reference, actor=self.coo, number=1, role="local_authority", agency="Willow", user=self.mo
            )
            panel = panel_planning.publish(panel.reference, actor=self.coo)
        return referral, form, panel

    def _of_panel(self, referral, form, panel, **told):
        return self._of(referral, panel=panel.reference, form_reference=form.reference, source=panel.reference, **told)

    def _panel_planned(self):
        return self._of_panel(*self._panel("planned"))

    def _panel_collecting(self):
        return self._of_panel(*self._panel("collecting"))

    def _panel_published(self):
        return self._of_panel(*self._panel("published"))

    def _panel_today(self):
        """Published, and its day has come."""
        referral, form, panel = self._panel("published")
        panel_road.day_comes(panel)
        return self._of_panel(referral, form, panel)

    def _panel_postponed(self):
        referral, form, panel = self._panel("planned")
        panel_planning.postpone(panel.reference, actor=self.coo, reason="The room is flooded.")
        return self._of_panel(referral, form, panel)

    def _panel_sitting(self):
        """It sits; the first item, about a person, has an action; nothing is decided."""
        referral, form, panel = self._panel("published")
        panel_road.held(panel, self.coo)
        panel_road.action(panel, panel_road.items(panel)[0], self.coo)
        return self._of_panel(referral, form, panel)

    def _panel_decided(self):
        """It sits; every item is decided."""
        case = self._panel_sitting()
        panel = panel_road.Panel.at(case.told["panel"]).get()
        for item in panel_road.items(panel):
            panel_road.outcome(panel, item, self.coo)
        return case

    def _panel_issued(self):
        """The first action is the panel's own, about a place; the author of the form waits to hear."""
        referral, form, panel = self._panel("published")
        panel_road.held(panel, self.coo)
        place = next(item for item in panel_road.items(panel) if item.section == "L")
        panel_road.action(panel, place, self.coo)
        panel_road.issued(panel, self.coo)
        return self._of_panel(referral, form, panel)

    def _panel_heard(self):
        """The minutes went round, and every author has heard: it can be closed."""
        case = self._panel_issued()
        panel = panel_road.Panel.at(case.told["panel"]).get()
        panel_road.sent_round(panel, self.coo)
        for form in panel.forms_to_hear().select_related("record"):
            panel_sitting.give_feedback(panel.reference, form.reference, actor=self.coo, feedback="It was discussed.")
        return case

    def _restricted(self):
        """Received; only the author and the front door's manager are named."""
        referral, _ = case_road.logged(self.nia, harmed=False)
        restricting.restrict(referral.reference, actor=self.dev, reason="A councillor's family.")
        return self._of(referral)

    def _barred(self):
        """Received; the front door's worker is barred from the child."""
        referral, _ = case_road.logged(self.nia, harmed=False)
        restricting.bar(referral.reference, actor=self.dev, user=self.dot, reason="Lives next door.")
        return self._of(referral)

    def _twin(self):
        """A second open referral of a child who has one, so that it can be attached."""
        first, _ = case_road.logged(self.nia, harmed=False)
        logged = intake.log_concern(
            author=self.nia,
            once=uuid4(),
            people=[
                intake.Known(
                    person=first.person, roles=("displayed",), attach=False, separate_because="Kept apart at first."
                )
            ],
            what_was_reported="Something else was reported.",
            source="2A",
            reported_on=clock.today(),
            place_kind="school",
            protection_needed="no",
        )
        return self._of(logged.opened[0], other=first.reference)

    def _second_record(self):
        """Two records of one child, both just received; the address is of the second."""
        first, _ = case_road.logged(self.nia, harmed=False)
        second, _ = case_road.logged(self.nia, harmed=False)
        return self._of(first, person=second.person.reference)

    def _joined(self):
        """The same, joined by Dev."""
        case = self._second_record()
        same_child.join(
            case.referral.person.reference, actor=self.dev, person=case.told["person"], reason="The mother says so."
        )
        return case

    def _draft(self):
        """A concern that Nia has begun to log, with one newcomer in it; and a search she made."""
        case = self.case("received")
        key = str(uuid4())
        concern_drafts.search(self.nia, key, {"words": "Robin Sample", "born_on": "", "number": ""})
        concern_drafts.add_newcomer(self.nia, key, _Posted(given_name="Ash", family_name="Sample", kind="child"))
        return Case(case.referral, self.relations(), {"key": key, "number": 1})

    def _person(self):
        """The person whom the people's pages are about: Bea."""
        case = self.case("received")
        told = {
            "reference": self.bea.reference,
            "slug": "oak",
            "team": "willow",
            "role": "practitioner",
            "starts_on": cast.SINCE.isoformat(),
        }
        return Case(case.referral, self.relations(), told)

    def _covered(self):
        """Amara stands in for Bea today."""
        cover = cast.cover(self.amara, self.bea)
        told = {
            "reference": self.bea.reference,
            "by": self.amara.reference,
            "starts_on": cover.starts_on.isoformat(),
        }
        return Case(self.case("received").referral, self.relations(), told)

    def _roof(self):
        """Pages that are about no child; and a search that Nia made."""
        search = keep_search(user=self.nia, terms={"typed": "Robin Sample", "words": "Robin Sample"})
        return Case(self.case("received").referral, self.relations(), {"reference": str(search)})


class _Posted(dict):
    """What a browser posted, as the drafts take it."""

    def getlist(self, name):
        return [self[name]]
