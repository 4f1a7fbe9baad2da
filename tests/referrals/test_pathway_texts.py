"""The borough's own words for the pathway's texts: dated, only added to, never of a referral that began before;
and what stands beside a decision's reason."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.refusals import Changed, Denied, NotReady
from referrals import pathway
from referrals.models import PathwayText
from referrals.models.pathway_texts import pathway_at
from referrals.selectors.pathway_texts import texts_of
from referrals.services import deciding, pathway_texts
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db

VERSION = "2026.1"


def test_every_text_of_a_version_has_one_key_and_its_source():
    every = pathway.texts(pathway.of(VERSION))
    keys = [text.key for text in every]

    assert len(keys) == len(set(keys)) == 20 + 4 + 4 + 4
    by_key = {text.key: text for text in every}
    assert by_key["indicator-2-3"].source == "Coercion and force to ensure victim compliance"
    assert not by_key["indicator-2-3"].is_the_documents
    assert by_key["tier-1"].source == "universal services"
    assert pathway.in_words_of(VERSION, ()) is pathway.of(VERSION)


def test_new_referrals_read_the_new_words_and_old_ones_keep_theirs(amara, dee, willow):
    old = cast.referral(amara, held_by=willow)
    old.received_at = clock.now() - timedelta(days=1)
    for key, text in (
        ("tier-3", "complex needs: statutory services."),
        ("indicator-2-3", "Pressure, so that the other child complied"),
        ("response-2-3", "A statutory team, and the police"),
        ("route-4", "A statutory team today"),
    ):
        pathway_texts.change(VERSION, key, actor=dee, text=text, number=0)
    new = cast.referral(amara, held_by=willow)

    now, before = new.pathway(), old.pathway()

    assert before is pathway.of(VERSION)
    assert now.tier_words[3] == "Tier 3: complex needs: statutory services."
    assert now.responses["2"].indicators[2].text == "Pressure, so that the other child complied"
    assert now.responses["2"].indicators[2].source == before.responses["2"].indicators[2].source
    assert now.responses["2"].service_words == now.responses["3"].service_words == "A statutory team, and the police"
    assert now.routes[4].service_words == "A statutory team today"
    assert now.routes[3] == before.routes[3]
    assert [r.service for r in now.responses.values()] == [r.service for r in before.responses.values()]
    with pytest.raises(KeyError):
        pathway_at("1999.1")


def test_the_first_words_come_back_and_every_change_is_told(dee, amara):
    pathway_texts.change(VERSION, "tier-1", actor=dee, text="help for every child", number=0)
    with pytest.raises(Changed) as stale:
        pathway_texts.change(VERSION, "tier-1", actor=dee, text="something else", number=0)
    with pytest.raises(NotReady, match="stand already"):
        pathway_texts.change(VERSION, "tier-1", actor=dee, text="help  for every child", number=1)
    with pytest.raises(Denied):
        pathway_texts.change(VERSION, "tier-1", actor=amara, text="mine")
    with pytest.raises(KeyError):
        pathway_texts.change(VERSION, "tier-9", actor=dee, text="mine")

    back = pathway_texts.change(VERSION, "tier-1", actor=dee, text="", number=1)

    assert (stale.value.version, stale.value.now) == (1, {"text": "help for every child"})
    assert (back.number, back.text, back.by) == (2, "", dee)
    assert PathwayText.objects.count() == 2
    assert pathway_at(VERSION) is pathway.of(VERSION)
    told = texts_of(VERSION)["changes"]
    assert [(row[2], row[3]["text"]) for row in told] == [
        ("help for every child", "universal services"),
        ("universal services", "help for every child"),
    ]


def test_below_the_default_all_that_was_weighed_is_asked_for_and_kept_on_both_decisions(amara, mo, front_door, willow):
    referral, _ = road.awaiting(amara, "1")
    to = {"actor": mo, "destination": deciding.Destination(team=willow, reason="It fits.")}
    below = {"tier": 2, "below_reason": "Help is in place."}

    with pytest.raises(NotReady) as refused:
        weighed = road.WEIGHED | {"relied_on": " ", "parents_views": ""}
        deciding.allocate(referral.reference, judgement=deciding.Judgement(**below, **weighed), **to)
    deciding.allocate(referral.reference, judgement=deciding.Judgement(**below, **road.WEIGHED), **to)

    assert [sentence.split(",")[0] for sentence in refused.value.sentences] == [
        "Say which information you rely on: you go below the pathway's default.",
        "Give the parents' views",
    ]
    for kept in (referral.category_decisions.last(), referral.threshold_decisions.last()):
        assert (kept.view, {name: getattr(kept, name) for name in road.WEIGHED}) == ("manager", road.WEIGHED)
    assert referral.threshold_decisions.first().options_considered == "", "the worker's view stays as it was"


def test_another_child_that_closes_in_the_same_step_is_not_given_this_childs_views(mo):
    judgement = deciding.Judgement(below_reason="Why.", **road.WEIGHED)

    others = deciding._for_another(judgement, "HSB-2026-00001")

    assert (others.options_considered, others.relied_on) == (judgement.options_considered, judgement.relied_on)
    assert (
        others.childs_views
        == others.parents_views
        == ("Not recorded for this child: closed in the same step as HSB-2026-00001.")
    )
    assert deciding._for_another(deciding.Judgement(), "HSB-2026-00001") == deciding.Judgement()
