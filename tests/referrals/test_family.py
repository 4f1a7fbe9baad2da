"""Household and family: who is what to a child, written once and read from both sides, each by the reader's right."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hsb.core import access, clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessBar, AccessRecord, Entry, Record
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from hsb.core.states import AccessKind, Because
from referrals import kinships
from referrals.kinships import INVERSE, SIDES, Circle, Kind, seen_from
from referrals.models import Person, Relationship
from referrals.selectors.chronology import chronology
from referrals.selectors.family import RESTRICTED, family, relationship_of, seen_by
from referrals.services import relating
from referrals.services.person_keys import index_person
from referrals.states import ReferralState
from tests import cast
from tests.pages import filled, page

pytestmark = pytest.mark.django_db

MOTHER = {"given_name": "Lin", "family_name": "Motherly", "is_adult": True}


@pytest.fixture
def referral(mo, willow, amara):
    """Amara's: Robin Sample."""
    return cast.referral(mo, held_by=willow, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


@pytest.fixture
def elsewhere(carl):
    """`elsewhere("Sky")`: a child of Carl's team, which Amara does not open."""

    def made(given_name, *, restricted=False, worker=None, **fields):
        team = carl.memberships.get().team
        child = cast.person(given_name, "Elsewhere", **fields)
        return cast.referral(
            carl,
            held_by=team,
            child=child,
            state=ReferralState.STATUTORY,
            worker=worker or carl,
            restricted=restricted,
        )

    return made


def relate(referral, actor, code="sibling", other=None, newcomer=None, once=None, **details):
    if other is None and newcomer is None:
        newcomer = {"given_name": "Bo", "family_name": "Sample", "is_adult": False}
    return relating.relate(
        referral.reference,
        actor=actor,
        once=once or uuid4(),
        code=code,
        other=other,
        newcomer=newcomer,
        details=details,
    )


def end(referral, actor, row, **more):
    relating.end_relationship(
        referral.reference, actor=actor, about=row.once, version=row.version, reason="They moved.", **more
    )


def texts(rows):
    """Everything that the cells of these rows say."""
    return [" ".join(str(cell.get(name, "")) for name in ("text", "note")) for row in rows for cell in row]


# --- Kinds ------------------------------------------------------------------------------------------------------------


def test_every_kind_has_an_inverse_that_leads_back_and_knows_no_gender():
    for kind in Kind:
        here, there = SIDES[seen_from(kind, False)], SIDES[seen_from(kind, True)]
        assert (here.kind, here.flipped, here.label) == (kind, False, kind.label)
        # "Child" is asked as parent: mother and father are chosen from the child's side.
        assert there.kind == (Kind.PARENT if kind in kinships.PARENTS else kind)
        assert there.flipped == (kind in INVERSE)
    gendered = {"mother", "father"}
    assert {code for code, side in SIDES.items() if gendered & set(side.label.lower().split())} == gendered
    offered = [code for code, _ in kinships.choices()]
    assert sorted(offered) == sorted(SIDES) and offered[:3] == ["mother", "father", "parent"]


# --- Recorded ---------------------------------------------------------------------------------------------------------


def test_one_row_says_mother_here_and_child_there_and_the_journal_names_nobody(referral, amara):
    once = uuid4()
    said = {"parental_responsibility": "yes", "lives_together": "yes", "safe_contact": "Ask for Lin, in the morning."}
    row = relate(referral, amara, "mother", newcomer=MOTHER, once=once, **said)
    again = relate(referral, amara, "mother", newcomer=MOTHER, once=once, **said)

    lin = Person.objects.get(given_name="Lin")
    entry = Entry.objects.get(record=referral.record, verb="record_relationship")
    assert (again, Relationship.objects.count()) == (row, 1)
    assert (row.person, row.other, row.code_for(referral.person), row.code_for(lin)) == (
        referral.person,
        lin,
        "mother",
        "child",
    )
    assert (row.history.get().history_user, row.recorded_by) == (amara, amara)
    assert entry.facts | {"text": ""} == {"relationship": "mother", "about": str(once), "text": ""}
    assert "Lin" not in str(entry.facts) + entry.reason
    title = chronology(referral, amara, [referral])["entries"][0]["title"]
    assert title == "Household and family: a relationship recorded (Mother)"


def test_what_the_child_is_to_the_other_is_kept_the_other_way_round(referral, amara):
    row = relate(referral, amara, "child", parental_responsibility="yes", safe_contact="Through the nursery.")

    bo = row.other_than(referral.person)
    assert (row.kind, row.person, row.other) == (Kind.PARENT, bo, referral.person)
    # The note is about Bo, for whoever works with Robin: on Bo's page it is not.
    assert (row.safe_contact, row.safe_contact_of_person) == ("", "Through the nursery.")
    seen = relationship_of(referral, row.once, amara)
    assert seen.relation == "Child"
    lists = family(referral, amara)["groups"]
    assert "Robin Sample: has parental responsibility" in " ".join(texts(lists[0]["rows"]))


def test_whoever_has_the_other_child_finds_it_in_that_chronology_but_not_from_a_restricted_one(
    referral, amara, elsewhere
):
    sky = elsewhere("Sky")
    relate(referral, amara, "aunt_uncle", other=sky.person)
    Record.objects.filter(pk=referral.pk).update(restricted=True)
    access.grant(referral.record, because=Because.NAMED, user=amara, given_by=amara)
    relate(referral, amara, "friend", other=sky.person)

    there = Entry.objects.filter(record=sky.record, verb="record_relationship")
    assert [entry.facts["relationship"] for entry in there] == ["niece_nephew"]


def test_never_with_oneself_and_never_the_same_twice_from_either_side(referral, amara, mo, willow):
    bo = cast.referral(mo, held_by=willow, state=ReferralState.STATUTORY, worker=amara, child=cast.person("Bo"))
    relate(referral, amara, "sibling", other=bo.person)
    lin = relate(referral, amara, "mother", newcomer=MOTHER).other

    for where, code, other in (
        (referral, "friend", referral.person),
        (bo, "sibling", referral.person),
        (referral, "parent", lin),
    ):
        with pytest.raises(NotReady):
            relate(where, amara, code, other=other)
    with pytest.raises(NotReady, match="in words"):
        relate(referral, amara, "other", other=bo.person)
    relate(referral, amara, "schoolmate", other=bo.person)
    about = {"recorded_by": amara, "recorded_at": clock.now(), "kind": Kind.SIBLING}
    for pair in ((bo.person, referral.person), (referral.person, bo.person), (bo.person, bo.person)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relationship.objects.create(person=pair[0], other=pair[1], once=uuid4(), **about)


def test_only_who_works_with_the_child_records_it(referral, carl, aud, amara):
    for stranger in (carl, aud):
        with pytest.raises(Denied):
            relate(referral, stranger)
        with pytest.raises(Denied):
            relating.search(referral.reference, actor=stranger, terms={"words": "Bo"})
    assert not Relationship.objects.exists()
    relating.search(referral.reference, actor=amara, terms={"words": "Bo"})
    assert AccessRecord.objects.get(kind=AccessKind.SEARCH).page == "family"


# --- By the reader's right --------------------------------------------------------------------------------------------


def test_each_is_shown_by_the_readers_right(referral, amara, mo, elsewhere, carl):
    secret = {"words": "called Bo", "safe_contact": "Not at school.", "lives_together": "yes"}
    ordinary, restricted, found = elsewhere("Sky"), elsewhere("Sol", restricted=True), elsewhere("Sun").person
    relate(referral, mo, "mother", newcomer=MOTHER, parental_responsibility="yes")
    relate(referral, mo, "sibling", other=ordinary.person, **secret)
    relate(referral, mo, "half_sibling", other=restricted.person, **secret)
    own = relate(referral, amara, "friend", other=found)

    seen = {each.side.label: each for each in seen_by(referral.person, amara)}
    assert {label: (each.name, each.shown, each.at_home) for label, each in seen.items()} == {
        "Mother": ("Lin Motherly", True, False),
        "Sibling": ("Another child", False, True),
        "Half-sibling": (RESTRICTED, False, False),
        "Friend": ("Sun Elsewhere", True, False),  # she searched for Sun, and recorded it
    }
    told = family(referral, amara)
    said = " ".join(text for group in told["groups"] for text in texts(group["rows"]))
    assert "Not shown to you" in said
    for hidden in ("called Bo", "Not at school", "Sol", "Sky"):
        assert hidden not in said
    assert [group["title"] for group in told["groups"]] == [
        "In the same home",
        "Other family and carers",
        "Friends and others",
    ]
    assert "Elsewhere" in told["drawing"] and "Sol" not in told["drawing"] and "Sky" not in told["drawing"]
    # Carl, from the other side: the children of Amara's whom he may not open.
    assert [each.name for each in seen_by(ordinary.person, carl)] == ["Another child"]
    # A bar beats everything, what one recorded oneself too.
    barred = {"reason": "Related.", "set_by": mo, "set_at": clock.now()}
    AccessBar.objects.create(record=found.record, user=amara, **barred)
    assert not relationship_of(referral, own.once, amara).shown


def test_what_may_not_be_read_is_not_changed_but_it_can_end(referral, amara, mo, elsewhere):
    row = relate(referral, mo, "sibling", other=elsewhere("Sol", restricted=True).person)
    about = {"actor": amara, "about": row.once, "version": 1}

    with pytest.raises(Denied):
        relating.change_relationship(referral.reference, details={"lives_together": "yes"}, **about)
    relating.withdraw_relationship(referral.reference, reason="Somebody else was meant.", **about)
    row.refresh_from_db()
    assert (row.is_open, row.by_mistake, row.lives_together) == (False, True, "unknown")
    ended = " ".join(texts(family(referral, amara)["ended"]))
    assert RESTRICTED in ended and "Recorded by mistake" in ended and "Somebody else" not in ended


# --- Changed and ended ------------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_its_history_and_a_stale_one_is_refused(referral, amara, mo):
    row = relate(referral, amara, "mother", newcomer=MOTHER)
    moved_out = {"lives_together": "yes", "together_until": clock.today() - timedelta(days=3)}
    about = {"about": row.once, "version": 1}
    details = {"parental_responsibility": "no", **moved_out}
    relating.change_relationship(referral.reference, actor=mo, details=details, **about)

    with pytest.raises(Changed):
        relating.change_relationship(referral.reference, actor=amara, details=details, **about)
    row.refresh_from_db()
    assert (row.version, row.parental_responsibility, row.shares_home(clock.today())) == (2, "no", False)
    assert [each.history_user for each in row.history.order_by("history_id")] == [amara, mo]
    assert "Lived together until" in " ".join(texts(family(referral, amara)["groups"][0]["rows"]))


def test_what_ended_stays_on_record_and_can_begin_again(referral, amara):
    row = relate(referral, amara, "sibling", starts_known="known", starts_on=date(2020, 5, 5))
    with pytest.raises(NotReady, match="before"):
        end(referral, amara, row, ends_known="known", ends_on=date(2019, 1, 1))
    with pytest.raises(NotReady, match="reason"):
        relating.withdraw_relationship(referral.reference, actor=amara, about=row.once, version=1, reason=" ")
    end(referral, amara, row, ends_known="estimated", ends_on=date(2024, 5, 15))
    with pytest.raises(AlreadyMoved):
        end(referral, amara, row)

    relate(referral, amara, "sibling", other=row.other)
    said = family(referral, amara)
    assert "Ended about 15 May 2024" in " ".join(texts(said["ended"]))
    assert len(said["groups"][0]["rows"]) == 1
    assert Entry.objects.filter(record=referral.record, verb="end_relationship").count() == 1


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_somebody_known_is_searched_for_and_added(laptop, referral, amara, elsewhere):
    sky = elsewhere("Sky").person
    index_person(sky)
    found = laptop.post(reverse("referrals:family_search", args=[referral.reference]), {"words": "Sky Elsewhere"})
    form = laptop.get(found.url)
    assert "Sky Elsewhere" in page(form).text and "Robin Sample" not in dict(form.context["form"].fields["who"].choices)

    refused = laptop.post(found.url, filled(form, who=sky.reference, code="grandparent"))
    told = page(refused).text
    assert refused.status_code == 422 and "Choose yes, no, or “Not known”" in told
    taken = laptop.post(
        found.url,
        filled(form, who=sky.reference, code="schoolmate", starts_known="estimated")
        | date_parts("starts_about", date(2024, 9, 15)),
    )
    assert taken.status_code == 302, page(taken).text
    row = Relationship.objects.get()
    assert (row.other, row.kind, row.starts_on, row.starts_known) == (sky, "schoolmate", date(2024, 9, 15), "estimated")
    # Whoever was not found cannot be chosen.
    other = elsewhere("Sol").person
    assert laptop.post(found.url, filled(form, who=other.reference, code="friend")).status_code == 422


def test_a_restricted_person_who_was_meant_exactly_is_added_without_a_name(laptop, referral, elsewhere):
    sol = elsewhere("Sol", restricted=True).person
    index_person(sol)
    search = {"words": "Sol Elsewhere", **date_parts("born_on", sol.born_on)}
    found = laptop.post(reverse("referrals:family_search", args=[referral.reference]), search)
    form = laptop.get(found.url)
    assert dict(form.context["form"].fields["who"].choices)[sol.reference] == RESTRICTED

    laptop.post(found.url, filled(form, who=sol.reference, code="cousin"))
    tab = page(laptop.get(reverse("referrals:people_tab", args=[referral.reference]))).text
    assert Relationship.objects.get().other == sol
    assert RESTRICTED in tab and "Sol" not in tab


def test_the_tab_shows_list_and_drawing_and_leads_to_the_pages(laptop, client_of, aud, referral, amara):
    said = {"lives_together": "part", "safe_contact": "Never by letter.", "parental_responsibility": "yes"}
    row = relate(referral, amara, "mother", newcomer=MOTHER, **said)
    url = reverse("referrals:people_tab", args=[referral.reference])
    change, end_page = (
        reverse(f"referrals:family_{name}", args=[referral.reference, row.once]) for name in ("change", "end")
    )

    tab = page(laptop.get(url))
    for words in ("Lin Motherly", "Has parental responsibility", "Same home, part of the time", "Never by letter."):
        assert words in tab.text
    assert change in dict(tab.links) and "family-title" in tab.ids
    auditor = page(client_of(aud).get(url))
    assert "Lin Motherly" in auditor.text and change not in dict(auditor.links)

    form = laptop.get(change)
    assert end_page in dict(page(form).links)
    laptop.post(change, filled(form, lives_together="no", safe_contact="Not at work."))
    row.refresh_from_db()
    assert (row.lives_together, row.safe_contact, row.version) == ("no", "Not at work.", 2)
    # The same form again: it stands already; another one, opened before: both versions.
    assert laptop.post(change, filled(form, lives_together="no", safe_contact="Not at work.")).status_code == 302
    stale = laptop.post(change, filled(form, safe_contact="By e-mail."))
    assert stale.status_code == 409 and "Not at work." in page(stale).text and "By e-mail." in page(stale).text

    ended = laptop.post(end_page, filled(laptop.get(end_page), became="mistake", reason="Her sister was meant."))
    assert ended.status_code == 302
    assert [laptop.get(each).status_code for each in (change, end_page)] == [409, 409]
    tab = page(laptop.get(url)).text
    assert "Recorded by mistake" in tab and "Her sister was meant." in tab


def test_as_many_queries_for_many_as_for_few(referral, amara, elsewhere, django_assert_num_queries):
    for given_name in ("Sky", "Sol", "Sun"):
        relate(referral, amara, "friend", other=elsewhere(given_name).person)
        relate(referral, amara)
        # Whom she may open, their referrals, what she opens of these, from whom she is barred.
        with django_assert_num_queries(2):
            seen_by(referral.person, amara)


def test_circles_of_both_sides_are_known():
    assert {side.circle for side in SIDES.values()} == set(Circle)


def test_a_form_that_is_sent_again_with_other_words_is_refused_not_forgotten(referral, amara):
    once = uuid4()
    made = relate(referral, amara, "mother", newcomer=MOTHER, once=once, safe_contact="Before 3pm.")

    assert relate(referral, amara, "mother", newcomer=MOTHER, once=once, safe_contact="Before 3pm.") == made
    for code, newcomer, contact in (
        ("mother", MOTHER, "Never."),
        ("aunt_uncle", MOTHER, "Before 3pm."),
        ("mother", MOTHER | {"given_name": "Jo"}, "Before 3pm."),
    ):
        with pytest.raises(NotReady, match="says something else"):
            relate(referral, amara, code, newcomer=newcomer, once=once, safe_contact=contact)
    assert Relationship.objects.get() == made
