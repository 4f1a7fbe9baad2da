"""A confidential address in the pack for the police: added by who may read it, with a reason, and in no other copy."""

import pytest

from hsb.core import document_store
from hsb.core.refusals import Denied, NotReady
from referrals import documents
from referrals.models import Disclosure
from referrals.selectors.police import changed_since_decided
from referrals.services import police, police_supplements, restricting
from tests.pages import filled, page
from tests.referrals import police_road as road

pytestmark = pytest.mark.django_db
STREET = "9 Hidden Mews"
WHY = "Officers visit the child there today."


@pytest.fixture
def pair(front_door, willow, rowan, amara, bea, carl, mo):
    """Robin, who displayed, with Bea of Willow; Sky, who was harmed, with Carl of Rowan, at an address that is kept."""
    displayed, harmed = road.apart(amara, mo, ((willow, bea), (rowan, carl)))
    child = harmed.person
    child.address, child.postcode, child.address_confidential = STREET, "AA1 1AA", True
    child.save()
    road.called(harmed, carl)
    return displayed, harmed


@pytest.fixture
def both(pair, mo, carl, bea):
    """Mo and Carl may open both."""
    displayed, harmed = pair
    restricting.name_reader(displayed.reference, actor=mo, reader=carl, reason="Both are in it.")
    return pair


def drafted(harmed, by, addresses):
    police.draft(
        road.of(harmed).reference,
        actor=by,
        on=harmed.reference,
        content=police.Draft(**road.CONTENT),
        addresses=addresses,
    )
    return road.of(harmed)


def said(form):
    return str(documents.police_pack(form.police_referral, form))


def test_the_pack_holds_it_and_the_childs_own_disclosure_says_so(both, carl, max, mo):
    displayed, harmed = both
    restricting.name_reader(displayed.reference, actor=mo, reader=max, reason="She approves it.")
    each = drafted(harmed, carl, [(harmed.reference, WHY)])
    police.approve(each.reference, actor=max)
    police.record_sent(
        each.reference, actor=carl, sent_to="Team", sent_how="Secure e-mail", sent_on=each.needed_since.date()
    )

    form = road.of(harmed).latest_form()
    assert STREET in said(form)
    assert document_store.content(form.document)
    own = Disclosure.objects.get(record=harmed.record, to_whom="Team")
    assert "with the confidential address" in own.what
    assert WHY in own.why
    assert STREET not in own.what + own.why
    other = Disclosure.objects.get(record=displayed.record, to_whom="Team")
    assert "address" not in other.what + other.why
    # A supplement has it only where its author adds it anew.
    police_supplements.draft(each.reference, actor=carl, on=harmed.reference, content=police.Draft(**road.CONTENT))
    assert STREET not in said(road.of(harmed).latest_supplement())


def test_only_who_may_read_it_adds_it_and_says_why(both, carl, mo, bea):
    _, harmed = both

    with pytest.raises(Denied):
        drafted(harmed, mo, [(harmed.reference, WHY)])
    with pytest.raises(NotReady, match="Say why the recipient needs"):
        drafted(harmed, carl, [(harmed.reference, " ")])
    assert STREET not in said(drafted(harmed, carl, ()).latest_form())


def test_the_author_ticks_it_the_approver_reads_it_and_the_pack_opens_for_who_may_read_it(
    both, client_of, carl, max, mo, aud
):
    displayed, harmed = both
    restricting.name_reader(displayed.reference, actor=mo, reader=max, reason="She approves it.")
    each = road.of(harmed)
    path = f"/referrals/{harmed.reference}/police-forms/{each.reference}/"
    browser = client_of(carl)
    form = browser.get(f"{path}draft/")
    answers = {"recipient": "Team", "urgency": "today", "known": "Said.", "asked": "Checks.", "basis": "without"}
    answers |= {"consent": "Nobody was asked.", "address_0": "on"}
    assert "Put the confidential address of" in page(form).text
    asked = browser.post(f"{path}draft/", filled(form, **answers))
    assert asked.status_code == 422
    assert "Say why the police need the address" in page(asked).text
    assert browser.post(f"{path}draft/", filled(form, **answers, address_reason_0=WHY)).status_code == 302

    approving = client_of(max).get(f"{path}approve/")
    assert f"In the pack, because: {WHY}" in page(approving).text
    assert STREET not in page(approving).text
    assert client_of(max).post(f"{path}approve/", filled(approving, decision="approve")).status_code == 302
    packs = {who.name: client_of(who).get(f"{path}pack/1/").status_code for who in (carl, max, aud)}
    assert packs == {"Carl": 200, "Max": 200, "Aud": 404}
    told = page(client_of(aud).get(f"/referrals/{harmed.reference}/police-forms/"))
    assert "opens for who may read the address in it" in told.text
    assert STREET not in told.text


@pytest.mark.parametrize("reason", ["They go to 9 hidden mews today.", "Near AA11AA, they say."])
def test_the_reason_does_not_say_the_address(both, carl, reason):
    _, harmed = both

    with pytest.raises(NotReady, match="Leave the address out"):
        drafted(harmed, carl, [(harmed.reference, reason)])


def test_another_address_than_the_one_it_was_written_for_does_not_go_out(both, carl, max, mo):
    displayed, harmed = both
    restricting.name_reader(displayed.reference, actor=mo, reader=max, reason="She approves it.")
    each = drafted(harmed, carl, [(harmed.reference, WHY)])
    child = harmed.person
    child.address = "2 Second Hideaway"
    child.save()

    with pytest.raises(NotReady, match="was changed since this was drafted"):
        police.approve(each.reference, actor=max)


def test_an_address_that_was_put_in_or_left_out_stands_under_what_changed(both, carl, max, mo):
    displayed, harmed = both
    restricting.name_reader(displayed.reference, actor=mo, reader=max, reason="She approves it.")
    each = drafted(harmed, carl, [(harmed.reference, WHY)])
    police.return_to_drafter(each.reference, actor=max, reason="One comma.")

    each = drafted(harmed, carl, ())

    (row,) = changed_since_decided(each, each.latest_form())["rows"]
    assert "Confidential addresses" in str(row)
    assert WHY in str(row)
