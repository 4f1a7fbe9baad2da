"""The demo borough's stories: about 80 referrals, in every state, the same each time, dated from today back."""

from datetime import timedelta

from hsb.overview.demo.accounts import make_accounts
from hsb.overview.demo.aim import aim_assessment
from hsb.overview.demo.brook import brook_colour
from hsb.overview.demo.coming_of_age import turning_18
from hsb.overview.demo.consent import answers_about_consent
from hsb.overview.demo.families import families
from hsb.overview.demo.intel import intel_forms
from hsb.overview.demo.main_system import in_the_main_system
from hsb.overview.demo.mapping import mapping_meetings
from hsb.overview.demo.meetings import strategy_meetings
from hsb.overview.demo.notes import case_notes
from hsb.overview.demo.panel import panels
from hsb.overview.demo.plans import plans_of_two
from hsb.overview.demo.same_child import known_twice
from hsb.overview.demo.sharing import what_was_shared
from hsb.overview.demo.stories import Borough, Story, other_than
from referrals import pathway
from referrals.models import Person, Referral
from referrals.services import intake, pathway_texts, persons
from referrals.states import ClosedAs, InvolvementRole, MarkerKind, ReferralState

DISPLAYED, HARMED = InvolvementRole.DISPLAYED, InvolvementRole.HARMED


def build(seed=2026, tell=lambda words: None, chapters=None):
    """Builds the whole borough, or its first chapters; `tell` hears how far it is."""
    borough = Borough(make_accounts(), seed)
    for words, chapter in CHAPTERS[:chapters]:
        tell(words)
        chapter(lambda **k: Story(borough, **k), borough)


def just_logged(story, borough):
    story(days_ago=0).log("1")
    story(days_ago=0, author="practitioner").log("0")
    story(days_ago=3).log("0")
    child = borough.child
    story(days_ago=1, author="practitioner").log(
        "1",
        people=[
            intake.Newcomer(details=child(), roles=(InvolvementRole.NOT_YET_KNOWN,)),
            intake.Newcomer(details=child(), roles=(HARMED,)),
            intake.Newcomer(details={"given_name": "Wren"}, roles=(InvolvementRole.WITNESS,)),
        ],
    )


def being_assessed(story, borough):
    for days_ago, category in ((1, "0"), (4, "2")):
        unfinished = story(days_ago=days_ago, author="practitioner").log(category)
        unfinished.pause().begin(unfinished.displayed)
    story(days_ago=2, author="practitioner").log("1").pause(1).assess().look_after().pause(hours=2).return_it()


def waiting_for_a_decision(story, borough):
    story(days_ago=0, author="practitioner").log(
        "2", crime_suspected=True
    ).call_police().protect().assess().look_after().draft_87a()
    story(days_ago=0).log("2", crime_suspected=True).call_police().assess().look_after().draft_87a().return_87a()
    story(days_ago=1, author="practitioner").log("1").pause().assess().look_after()
    story(days_ago=2).log("0").pause().assess().look_after(tier=2)
    story(days_ago=5, author="practitioner").log("0").pause(1).assess().look_after(tier=2)
    story(days_ago=1).log(
        "N", people=[intake.Newcomer(details=borough.child(5, 7, authority_unknown=True), roles=(DISPLAYED,))]
    ).pause().assess()
    story(days_ago=2).log("3", crime_suspected=True).call_police(emergency=True).assess().look_after().approve_87a(
        "now"
    )


def closed_at_once(story, borough):
    expected = story(days_ago=30).log("N").pause().assess().look_after(tier=1).pause(1)
    expected.not_hsb(others=[expected.harmed])
    for days_ago, exit_ in ((41, ClosedAs.SCHOOL), (55, ClosedAs.NO_SERVICE), (62, ClosedAs.AGREEMENT_REFUSED)):
        told = story(days_ago=days_ago).log("0").pause().assess().look_after(tier=2).pause(1)
        told.advise(told.displayed, exit_).advise(told.harmed)


def with_early_help(story, borough):
    for days_ago in (12, 28):
        helped = story(days_ago=days_ago).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
        helped.advise(helped.harmed).pause(1).start(worker="earlyhelp")
    waiting = story(days_ago=2).log("0").pause().assess().look_after(tier=2).to_early_help(worker=None)
    waiting.to_early_help(waiting.harmed, worker=None)
    asked = story(days_ago=25).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    asked.advise(asked.harmed).pause(1).start(worker="earlyhelp").pause(22).ask_step_up()
    worried = story(days_ago=18).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    worried.advise(worried.harmed).pause(1).start(worker="earlyhelp").pause(15)
    worried.ask_for_meeting("earlyhelp")


def with_social_work(story, borough):
    for days_ago, worker in ((6, "practitioner2"), (28, "practitioner")):
        case = story(days_ago=days_ago, author="practitioner").log("1").pause().assess().look_after().pause(1)
        case.to_statutory(worker=worker).to_statutory(case.harmed, worker=None).pause(1).start(worker=worker)
        case.decide_meeting(convene=False)
        if days_ago > 10:
            case.name(case.harmed, other_than(worker)).pause(1).start(worker=worker).pause(25).break_glass("earlyhelp")
            case.ask_access("stranger", 10)
            case.mark(worker, MarkerKind.INTERPRETER, "Both parents speak Tigrinya: book early.", confirmed=True)
        else:
            case.mark(worker, MarkerKind.IN_PAIRS, "A large dog is loose in the garden.", confirmed=False)
        case.bring(
            worker,
            title="School safety plan",
            kind="safety_plan",
            came_from="The safeguarding lead of the school",
            words="Invented for the demo borough. Who is with the child at break, and who is told of a change.",
        ).bring(
            worker,
            title="Letter from the child health clinic",
            kind="health",
            came_from="The clinic, by post",
            words="Invented for the demo borough. The next appointment, and who comes along.",
            do_not_disclose=True,
        )
    waiting = story(days_ago=2).log("1").pause().assess().look_after().pause(1)
    waiting.to_statutory(worker=None).to_statutory(waiting.harmed, worker=None)
    for days_ago, sent in ((4, False), (19, True), (37, True)):
        case = story(days_ago=days_ago, author="practitioner").log("2", crime_suspected=True).call_police()
        case.protect().assess().look_after()
        case.send_87a()
        if sent:
            case.acknowledge_87a()
            if days_ago > 20:
                case.supplement_87a()
        else:
            case.refuse_87a()
        case.pause(1).to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()
        if days_ago > 15:
            case.decide_meeting(convene=True).follow_up("practitioner")
    brought = story(days_ago=22).log("3", crime_suspected=True).hear_from_police().assess().look_after()
    brought.excuse_87a().pause(1)
    brought.to_statutory(worker="practitioner2").to_statutory(brought.harmed, worker="practitioner")
    brought.pause(1).start().decide_meeting(convene=True)
    refused = story(days_ago=4).log("1").pause().assess().look_after().pause(1).to_statutory(worker=None)
    refused.to_statutory(refused.harmed, worker=None).pause(1).refuse("manager")
    lower = story(days_ago=9).log("1", crime_suspected=True).call_police().assess().look_after().pause(1)
    lower.excuse_87a("no_longer_needed_because", "The police looked at it after the call and found no crime.")
    lower.to_statutory(worker="practitioner2").to_statutory(lower.harmed, worker="practitioner")
    lower.pause(1).start().decide_meeting(convene=False)
    private = story(days_ago=8, author="practitioner").log("2", crime_suspected=True).call_police().assess()
    private.look_after().send_87a()
    private.restrict().pause(1).to_statutory().to_statutory(private.harmed, worker="practitioner")
    private.pause(1).start().decide_meeting(convene=True)


def stepped(story, borough):
    up = story(days_ago=40).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
    up.advise(up.harmed).pause(1).start(worker="earlyhelp")
    up.pause(12).ask_step_up().pause(1).accept("manager", tier=3, worker="practitioner2").decide_meeting(convene=False)
    up.pause(1).start()
    down = story(days_ago=43, author="practitioner").log("1").pause().assess().look_after().pause(1)
    down.to_statutory(down.harmed, worker="practitioner").to_statutory().pause(1).start()
    down.decide_meeting(convene=False).pause(30).ask_step_down()
    down.pause(1).accept("ehmanager", worker="earlyhelp").pause(1).start(worker="earlyhelp")
    less = story(days_ago=30, author="practitioner").log("1").pause().assess().look_after().pause(1)
    less.to_statutory(less.harmed, worker="practitioner").to_statutory().pause(1).start().decide_meeting(convene=False)
    less.pause(26).ask_step_down()


def closing(story, borough):
    for days_ago, closed in ((60, True), (29, False)):
        done = story(days_ago=days_ago).log("0").pause().assess().look_after(tier=2).pause(1).to_early_help()
        done.advise(done.harmed).pause(1).start(worker="earlyhelp").pause(8).assess_help("earlyhelp")
        done.pause(16).reassess("0", "earlyhelp")
        done.approve_reassessment("ehmanager").pause(1).propose_closing("earlyhelp")
        if closed:
            done.pause(2).close("ehmanager")
    again = story(days_ago=100).log("1").pause().assess().look_after(tier=2).pause(1)
    again.advise(again.harmed).to_statutory().pause(1).start().decide_meeting(convene=False)
    again.pause(50).reassess("0", "practitioner2").approve_reassessment("manager").propose_closing("practitioner2")
    again.pause(1).close("manager").pause(45).reopen("practitioner2")


def seen_before(story, borough):
    """A child with an open referral in a second concern, on the other side of it."""
    first = story(days_ago=14, author="practitioner").log("1").pause().assess().look_after().pause(1)
    first.to_statutory().to_statutory(first.harmed, worker="practitioner").pause(1).start()
    first.decide_meeting(convene=False)
    known = Person.objects.get(referrals__record__reference=first.displayed)
    first.find(first.harmed, status="established", basis="police", manager="manager")
    first.complete(first.displayed, "practitioner")
    second = story(days_ago=2, author="practitioner")
    second.log(
        "1",
        contexts=["family", "online"],
        people=[
            intake.Known(person=known, roles=(HARMED,)),
            intake.Newcomer(details=borough.child(), roles=(DISPLAYED,)),
        ],
    )
    third = story(days_ago=1)
    third.log(
        "1",
        people=[
            intake.Known(person=known, roles=(DISPLAYED,), attach=False, separate_because="Logged in a hurry by duty."),
        ],
    )
    third.pause().attach_to(first.displayed)
    again = story(days_ago=30).log("0", contexts=["school", "peer"]).pause().assess().look_after(tier=2).pause(1)
    again.to_early_help().advise(again.harmed).pause(1).start(worker="earlyhelp")
    child = Person.objects.get(referrals__record__reference=again.displayed)
    story(days_ago=1).log("0", people=[intake.Known(person=child, roles=(DISPLAYED,))], contexts=["school", "group"])
    both = story(days_ago=3, author="practitioner")
    both.log("1", people=[intake.Newcomer(details=borough.child(9, 12), roles=(DISPLAYED, HARMED))])


def moved_house(story, borough):
    """One child moved to an address that is confidential, one changed school."""
    ours = Referral.objects.filter(state=ReferralState.STATUTORY, worker=borough.users["practitioner"])
    first, second = ours.select_related("person__record").order_by("pk")[:2]
    since = borough.today - timedelta(days=20)
    details = {"address": "2 Notreal Mews", "postcode": "AA2 2AB", "address_confidential": True, "address_from": since}
    for referral, what, told in (
        (first, "address", details),
        (second, "school", {"school": "Harbour Placeholder School", "school_from": since}),
    ):
        persons.change_person(
            referral.person.reference, actor=borough.users["practitioner"], details=told, version=None, moved=(what,)
        )


def pathway_in_our_words(story, borough):
    """One text of the pathway in the borough's own words: what begins from now on shows it."""
    pathway_texts.change(
        pathway.current().version,
        "route-1",
        actor=borough.users["admin"],
        text="No service needed; the family is told where to turn",
    )


CHAPTERS = (
    ("Concerns just logged", just_logged),
    ("Being assessed", being_assessed),
    ("Waiting for a decision", waiting_for_a_decision),
    ("Closed with advice", closed_at_once),
    ("With Early Help", with_early_help),
    ("With social work", with_social_work),
    ("Strategy meetings", strategy_meetings),
    # The past panel takes what was accepted by then: its forms come before the others.
    ("The panel", panels),
    ("Intel forms", intel_forms),
    ("Stepped up and down", stepped),
    ("Closing and closed", closing),
    ("Known before", seen_before),
    ("Mapping meetings", mapping_meetings),
    ("Copied to the main system", in_the_main_system),
    ("Plans", plans_of_two),
    ("Case notes", case_notes),
    ("An AIM assessment", aim_assessment),
    ("A Brook colour", brook_colour),
    ("Answers about consent", answers_about_consent),
    ("What was shared", what_was_shared),
    ("Moved house, changed school", moved_house),
    ("Households and families", families),
    ("Known twice", known_twice),
    ("The pathway's texts", pathway_in_our_words),
    ("Seventeen and a half, and eighteen", turning_18),
)
