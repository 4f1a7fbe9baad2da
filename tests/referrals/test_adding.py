"""Somebody who is added to a concern after it was logged: who gets a referral, who is told, what is never said (A7)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord, Entry, SearchTerms, Task
from hsb.core.refusals import Denied, NotReady
from referrals import guards
from referrals.forms.concern_draft import HIDDEN_NAME
from referrals.models import Disclosure, Involvement, Person, PoliceReferral, Referral
from referrals.selectors.concerns import concern_page
from referrals.services import adding, intake, police, police_supplements, restricting
from referrals.services.person_keys import index_person
from referrals.states import AssessmentState
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


@pytest.fixture
def elsewhere(carl, rowan):
    """A child in another team, whom Bea does not open."""
    return lambda name="Sky", **more: cast.referral(
        carl, held_by=rowan, state="statutory", worker=carl, child=cast.person(name, "Elsewhere", **more)
    )


def concern_of(referral):
    return referral.involvements.order_by("pk").first().concern


def add(referral, actor, part, *, once=None, concern=None):
    concern = concern or concern_of(referral).reference
    return adding.add_to_concern(referral.reference, actor=actor, once=once or uuid4(), concern=concern, part=part)


def new(*roles, **details):
    details = {"given_name": "Kit", "family_name": "Later"} | details
    return intake.Newcomer(details=details, roles=roles or ("harmed",))


def known(person, *roles, **more):
    return intake.Known(person=person, roles=roles or ("harmed",), **more)


def asked(referral, kind="new_concern"):
    found = Task.objects.open().filter(record=referral.record, kind=kind).order_by("pk")
    return [task.owner or task.team for task in found]


# --- Who gets a referral ----------------------------------------------------------------------------------------------


def test_a_child_of_ours_who_is_added_gets_a_referral(case, bea, front_door):
    added = add(case, bea, new("harmed"))

    made = added.opened
    assert (made.state, made.side, made.author, made.record.holding_team) == ("received", "harmed", bea, front_door)
    part = Involvement.objects.get(person=added.person)
    assert (part.concern, part.referral, part.role, part.status) == (concern_of(case), made, "harmed", "alleged")
    entry = Entry.objects.get(record=case.record, verb="add_to_concern")
    assert (entry.actor, entry.facts["roles"]) == (bea, ["harmed"])
    assert "Later" not in str(entry.facts)
    assert asked(made, "assess_safety") == [front_door]


@pytest.mark.parametrize(
    ("part", "why"),
    [
        pytest.param(new("harmed", family_name=""), "known by a first name", id="first name only"),
        pytest.param(new("harmed", other_authority="Elsewhere"), "another council's", id="another borough"),
        pytest.param(new("possible_risk"), "at possible risk", id="other child at possible risk"),
        pytest.param(new("person_of_concern", is_adult=True), "an adult", id="adult"),
    ],
)
def test_somebody_else_is_in_it_without_one(case, bea, part, why):
    added = add(case, bea, part)

    assert added.opened is None
    assert Involvement.objects.get(person=added.person).referral is None, why


def test_a_child_in_both_parts_has_both(case, bea):
    added = add(case, bea, new("displayed", "harmed"))

    assert added.opened.side == "both"
    assert added.opened.involvements.count() == 2


def test_the_open_referral_of_a_known_child_takes_it_in(case, bea, carl, elsewhere):
    theirs = elsewhere()

    added = add(case, bea, known(theirs.person, "harmed", relationship="Same class"))

    assert added.opened is None
    part = Involvement.objects.get(person=theirs.person, concern=concern_of(case))
    assert (part.referral, part.relationship) == (theirs, "Same class")
    assert asked(theirs) == [carl]
    assert Entry.objects.filter(record=theirs.record, verb="concern_attached", actor=bea).count() == 1
    assert road.again(theirs).side == "both"
    # It opens nothing of the other child to whoever added them.
    assert not Referral.objects.visible_to(bea).filter(pk=theirs.pk).exists()


def test_a_second_referral_needs_a_reason(case, bea, elsewhere):
    theirs = elsewhere()
    with pytest.raises(NotReady, match="second referral"):
        add(case, bea, known(theirs.person, attach=False))

    added = add(case, bea, known(theirs.person, attach=False, separate_because="Kept apart."))

    assert added.opened not in (None, theirs)


def test_an_approval_that_does_not_answer_the_part_goes_stale(case, mo, willow, amara, bea, carl):
    other = road.at_work(road.with_statutory(amara, mo, willow, bea), bea)
    other.assessments.update(state=AssessmentState.APPROVED)
    assert other.side == "displayed"

    add(case, bea, known(other.person, "displayed"))
    assert other.assessments.last().state == AssessmentState.APPROVED
    third, _ = road.logged(amara, harmed=False)
    add(third, amara, known(other.person, "harmed"))

    assert other.assessments.last().state == AssessmentState.STALE
    assert road.last_entry(other, "go_stale").actor == amara


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_whoever_has_another_child_of_the_concern_looks_at_it(front_door, amara, dot):
    displayed, harmed = road.logged(amara)

    add(displayed, dot, new("possible_risk"))

    assert (asked(displayed), asked(harmed)) == ([], [front_door])
    entry = Entry.objects.get(record=harmed.record, verb="added_to_concern")
    assert (entry.actor, "Later" in str(entry.facts)) == (dot, False)
    assert road.again(harmed).next_due_on is not None


def test_somebody_who_only_saw_it_asks_nothing_of_them(front_door, amara, dot):
    displayed, harmed = road.logged(amara)

    add(displayed, dot, new("witness"))

    assert asked(harmed) == []


def test_form_87a_covers_the_child_from_now_on(front_door, amara, dot):
    displayed, _ = road.logged(amara, harmed=False)
    police.ask_for_police_referral(
        displayed.reference, actor=amara, concern=concern_of(displayed).reference, grounds="Assault."
    )

    made = add(displayed, dot, new("harmed")).opened

    assert made.pk in {child.pk for child in PoliceReferral.objects.get().children()}
    made = road.again(made)
    assert made.police_outstanding
    assert asked(made, "police_referral") == [front_door]
    # It says something of this child too: who may not open it writes nothing.
    assert not PoliceReferral.objects.get().opens_for(cast.user("Kay"))


def test_whoever_wrote_an_approved_form_87a_is_asked_for_a_new_version(front_door, amara, bea, mo, willow):
    case = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    police_road.approved(case, bea, mo)
    add(case, bea, new("witness"))
    assert asked(case, "draft_police_referral") == []

    add(case, bea, new("harmed"))

    assert asked(case, "draft_police_referral") == [bea]
    form = PoliceReferral.objects.get()
    assert form.state == "approved"
    # What is sent all the same is shared of those of whom it speaks.
    sent = {"sent_to": "CAIT", "sent_how": "secure_mail", "sent_on": clock.today()}
    police.record_sent(form.reference, actor=bea, **sent)
    assert set(Disclosure.objects.values_list("record", flat=True)) == {case.pk}


def test_to_a_form_87a_that_went_out_a_supplement_is_asked_for(front_door, amara, bea, mo, willow):
    case = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    police_road.sent(case, bea, mo)
    add(case, bea, new("witness"))
    assert asked(case, "write_supplement") == []

    add(case, bea, new("harmed"))

    # Of every child's worker, until one went out that speaks of the child.
    other = Referral.objects.exclude(pk=case.pk).get()
    assert (asked(case, "write_supplement"), asked(other, "write_supplement")) == ([bea], [front_door])
    police_road.supplement_drafted(case, bea, mo)
    assert not guards.added_child_is_told_to_the_police(road.again(case))
    assert not guards.added_child_is_told_to_the_police(road.again(other))
    police_road.supplement_sent(case, bea, mo)
    assert (asked(case, "write_supplement"), asked(other, "write_supplement")) == ([], [])
    assert guards.added_child_is_told_to_the_police(road.again(case))


def test_a_supplement_that_comes_back_after_its_child_was_closed_is_anothers(front_door, amara, bea, mo, willow):
    case = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    police_road.sent(case, bea, mo)
    other = add(case, bea, new("harmed")).opened
    police_road.supplement_drafted(case, bea, mo)
    Referral.objects.filter(pk=case.pk).update(state="closed", closed_on=clock.today())

    police_supplements.return_to_drafter(police_road.of(case).reference, actor=mo, reason="Say which school.")

    assert asked(other, "draft_police_referral") == [front_door]


def test_where_its_child_is_closed_whoever_adds_is_asked_for_the_supplement(front_door, amara, bea, mo, willow):
    case = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)
    police_road.sent(case, bea, mo)
    other = add(case, bea, new("harmed")).opened
    Task.objects.all().delete()
    Referral.objects.filter(pk=case.pk).update(state="closed", closed_on=clock.today())

    add(other, road.again(other).author, new("harmed"))

    asked_on = {task.record for task in Task.objects.filter(kind="write_supplement")}
    assert case.record not in asked_on
    assert other.record in asked_on


# --- Who may, when ----------------------------------------------------------------------------------------------------


def test_who_may(case, carl, mo, dee, aud, amara, elsewhere):
    for user in (carl, dee, aud):
        with pytest.raises(Denied):
            add(case, user, new())
        with pytest.raises(Denied):
            adding.search(case.reference, actor=user, terms={"words": "Sky"})
    with pytest.raises(Denied):
        add(case, mo, new(), concern=concern_of(elsewhere()).reference)
    add(case, mo, new())
    assert not Entry.objects.filter(verb="add_to_concern").exclude(actor=mo).exists()


def test_an_ended_referral_stays_as_it_is(amara, willow):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    with pytest.raises(NotReady, match="has ended"):
        add(closed, amara, new())
    with pytest.raises(NotReady, match="has ended"):
        adding.search(closed.reference, actor=amara, terms={"words": "Sky"})


def test_the_same_form_twice_adds_one(case, bea):
    once = uuid4()
    add(case, bea, new(), once=once)
    again = add(case, bea, new(), once=once)

    assert again.again
    assert Person.objects.filter(family_name="Later").count() == 1
    with pytest.raises(NotReady, match="part"):
        add(case, bea, intake.Newcomer(details={"given_name": "Kit"}, roles=()))


def test_who_is_in_it_already_is_said_to_whoever_reads_it(case, bea):
    with pytest.raises(NotReady, match="in this concern already"):
        add(case, bea, known(case.person))
    part = add(case, bea, new("possible_risk"))
    with pytest.raises(NotReady, match="in this concern already"):
        add(case, bea, known(part.person, "harmed"))


def test_to_nobody_else_it_is_said_and_whoever_has_the_child_is_told(case, bea, carl, elsewhere):
    theirs = elsewhere()
    Involvement.objects.create(concern=concern_of(case), person=theirs.person, role="harmed", referral=theirs)

    added = add(case, bea, known(theirs.person, "displayed"))

    assert added.opened is None
    assert theirs.person.involvements.filter(concern=concern_of(case)).count() == 1
    assert road.last_entry(theirs, "named_again").facts["roles"] == ["displayed"]
    assert asked(theirs) == [carl]


def test_a_restricted_child_stays_hidden(case, bea, elsewhere):
    theirs = elsewhere(restricted=True)

    add(case, bea, known(theirs.person))

    shown = str(concern_page(concern_of(case), bea))
    assert "Sky" not in shown and "Another child" in shown
    assert not Referral.objects.visible_to(bea).filter(person=theirs.person).exists()


def test_who_has_a_restricted_record_is_not_named_on_another(front_door, amara, dot, dev):
    displayed, harmed = road.logged(amara)
    restricting.restrict(displayed.reference, actor=dev, reason="Known to a councillor.")

    add(displayed, dev, new("possible_risk"))

    assert asked(harmed) == [front_door]
    assert not Entry.objects.filter(record=harmed.record, verb="added_to_concern").exists()


# --- Pages ------------------------------------------------------------------------------------------------------------


def url_of(referral, name="add_to_concern", *more):
    return reverse(f"referrals:{name}", args=[referral.reference, concern_of(referral).reference, *more])


def test_the_concern_and_the_tab_lead_there(case, client_of, bea, aud):
    pages = [
        reverse("referrals:concern", args=[concern_of(case).reference]),
        reverse("referrals:people_tab", args=[case.reference]),
    ]
    for address in pages:
        assert url_of(case) in dict(page(client_of(bea).get(address)).links)
        assert url_of(case) not in dict(page(client_of(aud).get(address)).links)


def test_somebody_known_is_found_and_added(case, client_of, bea, elsewhere):
    sky = elsewhere().person
    index_person(sky)
    laptop = client_of(bea)

    found = laptop.post(url_of(case), {"words": "Sky Elsewhere"})
    listed = page(laptop.get(found.url))
    address = next(link for link in dict(listed.links) if sky.reference in link)
    form = laptop.get(address)
    assert "Sky Elsewhere" in page(form).text and "Open referral with Rowan" in listed.text
    empty = laptop.post(address, filled(form))
    sent = filled(form, known_parts=["harmed"], relationship="Same class")
    done, again = laptop.post(address, sent), laptop.post(address, sent)

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 302)
    assert Involvement.objects.filter(person=sky, concern=concern_of(case)).count() == 1
    assert AccessRecord.objects.filter(user=bea, page="add to a concern").count() == 1
    # Not hers to open: the name is not on the pages.
    assert "Sky" not in road.text(laptop.get(reverse("referrals:concern", args=[concern_of(case).reference])))
    # Whoever was not found cannot be chosen.
    other = address.replace(sky.reference, elsewhere("Sol").person.reference)
    assert laptop.get(other).status_code == 404


def test_somebody_new_is_added_with_what_was_searched_for(case, client_of, bea):
    laptop = client_of(bea)
    found = laptop.post(url_of(case), {"words": "Kit Later"})
    address = next(
        link for link in dict(page(laptop.get(found.url)).links) if link.endswith("/new/") and "/add/" in link
    )
    form = laptop.get(address)

    done = laptop.post(address, filled(form, kind="child", child_parts=["harmed"]), follow=True)

    made = Referral.objects.get(person__family_name="Later")
    assert made.reference in road.text(done)
    assert "Kit Later" in road.text(done)


def test_a_restricted_child_who_was_meant_exactly_is_added_without_a_name(case, client_of, bea, elsewhere):
    theirs = elsewhere("Sol", restricted=True)
    index_person(theirs.person)
    laptop = client_of(bea)
    search = {"words": "Sol Elsewhere", **date_parts("born_on", theirs.person.born_on)}
    found = laptop.post(url_of(case), search)
    address = next(link for link in dict(page(laptop.get(found.url)).links) if link.endswith("/restricted/"))
    form = laptop.get(address)
    assert HIDDEN_NAME in page(form).text

    done = laptop.post(address, filled(form, known_parts=["harmed"]), follow=True)

    assert "Sol" not in road.text(done)
    assert theirs.person.involvements.filter(concern=concern_of(case)).exists()


def test_nobody_is_added_who_was_born_after_it_happened(case, client_of, bea):
    concern = concern_of(case)
    concern.happened_on = clock.today() - timedelta(days=400)
    concern.save()
    laptop = client_of(bea)
    found = laptop.post(url_of(case), {"words": "Kit Later"})
    address = f"{found.url.split('#')[0]}new/"
    born = {"birth_precision": "known", **date_parts("born_known", clock.today() - timedelta(days=30))}

    refused = laptop.post(address, filled(laptop.get(address), kind="child", child_parts=["harmed"]) | born)

    assert refused.status_code == 422 and "after the day on which you say it happened" in road.text(refused)


def test_a_search_that_is_too_old_loses_nothing(case, client_of, bea, elsewhere, time_machine):
    sky = elsewhere().person
    index_person(sky)
    laptop = client_of(bea)
    found = laptop.post(url_of(case), {"words": "Sky Elsewhere"})
    address = f"{found.url.split('#')[0]}{sky.reference}/"
    sent = filled(laptop.get(address), known_parts=["harmed"], relationship="Same class")
    SearchTerms.objects.all().delete()

    refused = laptop.post(address, sent)

    assert refused.status_code == 422
    assert "too old" in road.text(refused) and "Same class" in refused.content.decode()
    assert laptop.get(address).status_code == 404


def test_carl_and_dee_find_nothing(case, client_of, bea, carl, dee):
    found = client_of(bea).post(url_of(case), {"words": "Sky"}).url
    for user in (carl, dee):
        for address in (url_of(case), found, f"{found.split('#')[0]}new/"):
            assert client_of(user).get(address).status_code in (403, 404)
