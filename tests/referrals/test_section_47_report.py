"""The worker reports on the section 47 enquiry, a manager concludes it (A19, B23)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.people.states import Role
from referrals.models import Section47
from referrals.services import section47, working
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db
FOUND = {"seen": "alone", "findings": "What was found.", "recommended": "no_continuing_risk"}


@pytest.fixture
def enquiry(front_door, amara, mo, willow, cho):
    """Amara's, with Willow, under an enquiry since today."""
    referral = road.with_statutory(amara, mo, willow, amara)
    return section47.open_section_47(referral, actor=cho, started_on=clock.today())


def reported(enquiry, by, **answers):
    how = {**FOUND, "reported_on": clock.today(), "once": uuid4(), **answers}
    return section47.report_section_47(enquiry.reference, actor=by, **how)


def concluded(enquiry, by, **answers):
    how = {"conclusion": "not_substantiated", "reason": "The report.", "concluded_on": clock.today(), **answers}
    return section47.conclude_section_47(enquiry.reference, actor=by, **how)


def tasks(enquiry):
    """[(kind, whose it is, by when)] of the enquiry's open tasks."""
    found = enquiry.record.tasks.open().filter(kind__contains="section_47")
    return [(task.kind, task.owner or (task.team, task.role), task.due_on) for task in found]


def again(enquiry):
    return Section47.objects.get(pk=enquiry.pk)


def test_until_it_is_reported_it_is_the_workers(enquiry, amara):
    assert tasks(enquiry) == [("section_47", amara, enquiry.conference_due_on)]


def test_reported_it_waits_for_the_managers_until_the_same_day(enquiry, amara, willow):
    report = reported(enquiry, amara)

    entry = road.last_entry(enquiry.referral, "report_section_47")
    assert again(enquiry).state == "open"
    assert (report.by, report.recommended) == (amara, "no_continuing_risk")
    assert (entry.actor, entry.facts["noun"]) == (amara, enquiry.reference)
    assert tasks(enquiry) == [("conclude_section_47", (willow, Role.MANAGER), enquiry.conference_due_on)]


def test_a_second_report_stands_beside_the_first(enquiry, amara):
    reported(enquiry, amara)
    reported(enquiry, amara, recommended="continuing_risk")

    recommended = [report.recommended for report in enquiry.reports.all()]
    assert recommended == ["no_continuing_risk", "continuing_risk"]
    assert [kind for kind, _, _ in tasks(enquiry)] == ["conclude_section_47"]


def test_the_manager_concludes_and_nothing_of_it_waits(enquiry, amara, mo):
    reported(enquiry, amara)

    concluded(enquiry, mo)

    assert again(enquiry).state == "not_substantiated"
    assert tasks(enquiry) == []


def test_the_manager_concludes_without_a_report_too(enquiry, mo):
    concluded(enquiry, mo)

    assert tasks(enquiry) == []


def test_nobody_concludes_on_her_own_report(enquiry, mo, amara):
    reported(enquiry, mo)

    with pytest.raises(Denied):
        concluded(enquiry, mo)

    reported(enquiry, amara)
    assert concluded(enquiry, mo).concluded_by == mo


def test_a_manager_who_has_not_read_the_report_is_told_that_there_is_one(enquiry, amara, mo):
    version = enquiry.version
    reported(enquiry, amara)

    with pytest.raises(Changed):
        concluded(enquiry, mo, version=version)


def test_who_does_not_work_with_the_child_reports_nothing(enquiry, dee, carl):
    with pytest.raises(Denied):
        reported(enquiry, carl)
    with pytest.raises(Denied):
        reported(enquiry, dee)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param({"findings": " "}, "Say what was found.", id="nothing found"),
        pytest.param({"recommended": "open"}, "Say whether the child was seen", id="nothing recommended"),
        pytest.param({"seen": "perhaps"}, "Say whether the child was seen", id="not said whether seen"),
        pytest.param({"reported_on": clock.today() - timedelta(days=400)}, "after it began", id="before it began"),
        # Two days: midnight may pass before it is asked.
        pytest.param({"reported_on": clock.today() + timedelta(days=2)}, "not after today", id="ahead of today"),
    ],
)
def test_a_report_that_says_too_little_is_refused(enquiry, amara, answers, sentence):
    with pytest.raises(NotReady) as refusal:
        reported(enquiry, amara, **answers)

    assert sentence in str(refusal.value.sentences)
    assert not enquiry.reports.exists()


def test_the_same_form_sent_twice_is_one_report(enquiry, amara):
    once = uuid4()

    assert reported(enquiry, amara, once=once, version=1) == reported(enquiry, amara, once=once, version=1)
    assert enquiry.reports.count() == 1


@pytest.mark.parametrize("days", [-1, 1], ids=["before it was reported", "ahead of today"])
def test_it_is_concluded_after_it_was_reported_and_not_ahead(enquiry, amara, mo, days):
    reported(enquiry, amara)

    with pytest.raises(NotReady, match="after it began and was reported"):
        concluded(enquiry, mo, concluded_on=clock.today() + timedelta(days=days))


def test_an_enquiry_that_has_ended_is_reported_no_more(enquiry, amara, mo):
    concluded(enquiry, mo)

    with pytest.raises(NotReady, match="ended"):
        reported(enquiry, amara)


def test_what_waits_for_the_managers_stays_theirs_when_the_worker_changes(enquiry, amara, mo, bea, willow):
    reported(enquiry, amara)

    working.name_worker(enquiry.referral.reference, actor=mo, worker=bea, reason="Amara is on leave.")

    assert tasks(enquiry) == [("conclude_section_47", (willow, Role.MANAGER), enquiry.conference_due_on)]


# --- The pages -------------------------------------------------------------------------------------------------------


def test_the_workers_task_leads_to_where_it_is_done(client, enquiry, amara):
    url = reverse("referrals:report_section_47", args=[enquiry.referral.reference])
    client.force_login(amara)

    assert url in client.get(reverse("overview:my_work")).content.decode()
    assert client.get(url).status_code == 200


def test_the_managers_task_leads_to_the_report_and_the_conclusion(client, enquiry, amara, mo):
    reported(enquiry, amara)
    url = reverse("referrals:conclude_section_47", args=[enquiry.referral.reference])
    client.force_login(cast.again(mo))

    assert url in client.get(reverse("overview:my_work")).content.decode()
    shown = page(client.get(url))
    assert "What was found." in shown.text
    assert "Seen alone" in shown.text


def test_the_enquiry_and_its_report_stand_on_the_childs_overview(client, enquiry, amara):
    reported(enquiry, amara)
    client.force_login(cast.again(amara))

    shown = page(client.get(reverse("referrals:case", args=[enquiry.referral.reference])))

    assert "Section 47 enquiry, begun on" in shown.text
    assert "What was found." in shown.text


def opened(client, user, enquiry, page_name):
    """(its address, its form filled in as it was drawn) for `user`."""
    client.force_login(cast.again(user))
    url = reverse(f"referrals:{page_name}", args=[enquiry.referral.reference])
    return url, filled(client.get(url))


def next_enquiry(enquiry, mo, cho):
    """The first has ended; a later discussion opened another."""
    concluded(enquiry, mo)
    return section47.open_section_47(road.again(enquiry.referral), actor=cho, started_on=clock.today())


def test_what_was_typed_of_an_enquiry_that_has_ended_is_not_written_on_the_next(client, enquiry, amara, mo, cho):
    url, form = opened(client, amara, enquiry, "report_section_47")
    second = next_enquiry(enquiry, mo, cho)

    answer = client.post(url, {**form, **FOUND, **date_parts("reported_on", clock.today())})

    assert answer.status_code == 409
    assert "What was found." in page(answer).text
    assert not second.reports.exists()


def test_a_draft_of_the_first_enquiry_does_not_stand_in_the_form_of_the_next(client, enquiry, amara, mo, cho):
    url, form = opened(client, amara, enquiry, "report_section_47")
    client.post(url, {**form, "findings": "Half of it."})
    next_enquiry(enquiry, mo, cho)

    assert "Half of it." not in client.get(url).content.decode()


def test_whoever_concludes_and_had_not_seen_the_report_reads_it_beside_what_was_typed(client, enquiry, amara, mo):
    url, form = opened(client, mo, enquiry, "conclude_section_47")
    reported(enquiry, amara, findings="Not safe yet.")

    how = {"conclusion": "not_substantiated", "reason": "Enough.", **date_parts("concluded_on", clock.today())}
    answer = client.post(url, {**form, **how})

    assert answer.status_code == 409
    assert "Not safe yet." in page(answer).text
