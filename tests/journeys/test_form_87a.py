"""Form 87A: called, drafted, returned, approved on one page with the team, sent, refused, sent anew."""

import pytest

from referrals.models import Disclosure, PoliceReferral, Referral
from tests.journeys import steps

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]


def state():
    return PoliceReferral.objects.get().state


def test_form_87a_is_refused_and_sent_again(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    displayed, harmed = steps.log_a_concern(practitioner, crime=True)
    steps.assess(practitioner, displayed, "2", 4)
    steps.look_after(practitioner, harmed, 4)

    # The call comes first; then the form, which the manager sends back once.
    steps.call_the_police(practitioner, displayed)
    steps.draft_87a(practitioner, displayed, asked="Checks.")
    manager.go(f"/referrals/{displayed}/police-referral/")
    manager.fill(decision="return")
    manager.press("Save the decision")
    manager.is_refused()
    manager.fill(reason="Say who the school has spoken to.")
    manager.press("Save the decision")
    practitioner.opens("/my-work/")
    practitioner.reads("Draft Form 87A again")
    practitioner.go(f"/referrals/{displayed}/police-forms/")
    practitioner.reads("Say who the school has spoken to.")
    steps.draft_87a(practitioner, displayed)

    # Assessment, team and form on the manager's one page.
    manager.go(f"/referrals/{displayed}/decide/")
    manager.reads("Checks, and a strategy discussion.")
    manager.fill(agrees="yes", decision="statutory", statutory_team="willow", reason="The pathway's response.")
    manager.main.get_by_label("Form 87A, drafted by").check()
    manager.press("Save the decision")
    assert state() == "approved"

    steps.send_87a(practitioner, displayed)
    assert state() == "sent"
    practitioner.go(f"/referrals/{harmed}/")
    assert "87A not sent" not in practitioner.page.locator("body").inner_text()

    # The police refuse it: it is outstanding again for both children, and goes out anew.
    practitioner.go(f"/referrals/{displayed}/police-forms/")
    practitioner.press("Record what the police answered")
    practitioner.fill(
        answer="refused",
        refused_by="The duty officer",
        refusal="The day is not in it.",
        after="resend",
        after_said="The day is added.",
    )
    practitioner.press("Save the answer")
    practitioner.go(f"/referrals/{harmed}/")
    practitioner.reads("87A not sent")
    steps.draft_87a(practitioner, displayed)
    steps.approve_87a(manager, displayed)
    steps.send_87a(practitioner, displayed)
    practitioner.go(f"/referrals/{displayed}/police-forms/")
    practitioner.press("Record what the police answered")
    practitioner.fill(answer="acknowledged", police_reference="CAD 77")
    practitioner.press("Save the answer")
    practitioner.reads("reference CAD 77")

    assert state() == "acknowledged"
    assert not Referral.at(displayed).get().police_outstanding
    assert not Referral.at(harmed).get().police_outstanding
    for child in (displayed, harmed):
        assert Disclosure.objects.filter(record__reference=child, what__startswith="Form 87A").count() == 2
    actors("stranger").finds_nothing(f"/referrals/{displayed}/police-forms/")
