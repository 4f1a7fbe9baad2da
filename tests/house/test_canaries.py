"""A child with a name that occurs nowhere else walks through the house; then we look where it must not be found."""

import io
import json
import logging
from datetime import date
from uuid import uuid4

import pytest
from celery.signals import before_task_publish
from django.core import mail

from hsb.core import clock
from hsb.core.logs import JsonFormatter
from hsb.core.models import Entry, Record
from referrals.models import Referral
from referrals.services import deciding, intake, urgent
from tests.house.walk import places
from tests.pages import filled
from tests.referrals import case_road

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "what is logged does not depend on the database"),
]

GIVEN, FAMILY, SCHOOL, STREET = "Zinnobrine", "Quillfeathering", "Larkspurdale Academy", "Thimblewick"
NHS, TOLD = "9434765919", "kazoodlement"
CANARIES = [GIVEN, FAMILY, "Larkspurdale", STREET, NHS, TOLD, "17 February 2013", "2013-02-17", "17/02/2013"]


@pytest.fixture
def logged():
    """`logged()`: everything the service has written to its log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def sent_to_the_queue():
    """Everything that was handed to the queue."""
    sent = []

    def keep(sender=None, body=None, headers=None, **kwargs):
        sent.append((sender, body, headers))

    before_task_publish.connect(keep)
    yield sent
    before_task_publish.disconnect(keep)


@pytest.fixture
def child(dot, dev, willow, amara, front_door):
    """The canary's referral, allocated, with a call to the police and a second child beside it."""
    details = {
        "given_name": GIVEN,
        "family_name": FAMILY,
        "born_on": date(2013, 2, 17),
        "birth_precision": "known",
        "nhs_number": NHS,
        "school": SCHOOL,
        "address": f"14 {STREET} Road",
    }
    found = intake.log_concern(
        author=dot,
        once=uuid4(),
        people=[intake.Newcomer(details=details, roles=("displayed",))],
        what_was_reported=f"Something was reported: {TOLD}.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        place_name=SCHOOL,
        protection_needed="no",
    )
    referral = found.opened[0]
    case_road.assess_displayed(Referral.at(referral.reference).get(), dot, "2")
    deciding.allocate(
        referral.reference, actor=dev, destination=deciding.Destination(team=willow, worker=amara, reason="Needed.")
    )
    urgent.record_police_call(
        referral.reference,
        actor=amara,
        once=uuid4(),
        emergency=True,
        called_on=clock.today(),
        spoke_to="The duty sergeant",
        what_was_said=f"{GIVEN} {FAMILY}: {TOLD}.",
    )
    return referral


def found_in(text):
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


def test_the_journal_names_nobody(child):
    facts = json.dumps(list(Entry.objects.values_list("verb", "facts", "pathway_version")))
    references = " ".join(Record.objects.values_list("reference", flat=True))

    assert found_in(facts + references) == []


def test_log_queue_mail_and_addresses_name_nobody(child, client_of, amara, carl, logged, sent_to_the_queue):
    laptop, other = client_of(amara), client_of(carl)
    laptop.raise_request_exception = other.raise_request_exception = False
    addresses = []
    for place in places():
        if set(place.wants) <= {"reference", "page", "number"} and place.name != "overview:search_results":
            answer = laptop.get(place.path(reference=child.reference, page="threshold", number=1))
            addresses.append(answer.headers.get("Location", ""))
    for visitor in (laptop, other):
        form = visitor.get("/search/")
        answer = visitor.post("/search/", filled(form, family_name=FAMILY, given_name=GIVEN, terms=f"{GIVEN} {FAMILY}"))
        addresses.append(answer.headers.get("Location", ""))
        visitor.get(answer.headers.get("Location", "/"))
        visitor.get(f"/nowhere/?name={GIVEN}+{FAMILY}")
        visitor.post(f"/referrals/{child.reference}/police-call/", {"what_was_said": TOLD, "spoke_to": FAMILY})

    assert found_in(logged()) == []
    assert found_in(" ".join(addresses)) == []
    assert found_in(repr(sent_to_the_queue)) == []
    assert found_in(repr([message.message().as_string() for message in mail.outbox])) == []


def test_what_was_looked_for_stands_in_no_address(child, client_of, amara):
    """The canary is in the house: its own page and its reader's search show it, by an opaque address."""
    laptop = client_of(amara)

    page = laptop.get(f"/referrals/{child.reference}/").content.decode()
    found = laptop.post("/search/", filled(laptop.get("/search/"), terms=f"{GIVEN} {FAMILY}"), follow=True)

    assert FAMILY in page
    assert FAMILY in found.content.decode()
    assert found_in(found.redirect_chain[-1][0]) == []


def test_who_may_not_open_it_is_shown_nothing_of_it(child, client_of, dee, carl):
    for user in (dee, carl):
        told = client_of(user).get(f"/referrals/{child.reference}/").content.decode()
        assert found_in(told) == []
