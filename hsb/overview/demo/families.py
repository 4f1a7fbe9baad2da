"""Households and families of some of the demo borough's children: all invented, as their workers recorded them."""

import uuid
from datetime import timedelta

from referrals.models import Referral
from referrals.services import relating
from referrals.states import BirthPrecision, ReferralState

FAMILIES = 4
YES, NO, UNKNOWN, PART = "yes", "no", "unknown", "part"


def families(story, borough):
    """Four children with social work or Early Help, with one to ten people each; one relationship has ended."""
    held = Referral.objects.filter(
        state__in=[ReferralState.STATUTORY, ReferralState.EARLY_HELP], worker__isnull=False, record__restricted=False
    )
    referrals = list(held.select_related("person__record", "worker").order_by("pk")[: FAMILIES + 1])
    for number, referral in enumerate(referrals[:FAMILIES]):
        # A child of another case: whoever has one of the two reads "Another child" there.
        known = referrals[number + 1].person if number == 0 and len(referrals) > 1 else None
        _Family(story, borough, referral).record(size=number, known=known)


class _Family:
    def __init__(self, story, borough, referral):
        self.story, self.borough, self.referral = story(days_ago=0), borough, referral

    def record(self, size, known):
        home = self._since(900)
        self.add(
            "mother", 38, responsible=YES, lives=YES, safe_contact="By telephone before 3pm. Never by letter.", **home
        )
        if size == 1:
            self.add("foster_carer", 51, responsible=NO, lives=NO, words="Respite, one weekend a month")
            return
        self.add(
            "father", 41, responsible=YES, lives=NO, safe_contact="Only by his work telephone, and not at the mother's."
        )
        sibling = self.add("sibling", 8, lives=YES, **home)
        if size == 2:
            self.story._do(
                relating.end_relationship,
                self.referral.reference,
                actor=self.referral.worker,
                about=self.add("step_parent", 44, responsible=NO, lives=NO).once,
                version=1,
                reason="The parents' partners separated, and there is no contact any more.",
            )
            return
        self.add("half_sibling", 15, lives=PART, words="At weekends")
        self.add("grandparent", 66, responsible=UNKNOWN, lives=YES, **home)
        self.add("aunt_uncle", 35, responsible=NO, lives=NO)
        self.add("cousin", 12, lives=NO)
        self.add("friend", 13, lives=NO)
        self.add("neighbour", 58, lives=NO)
        if known is not None:
            self.relate("schoolmate", lives=NO, other=known)
        if size == 3:
            self.story._do(
                relating.withdraw_relationship,
                self.referral.reference,
                actor=self.referral.worker,
                about=sibling.once,
                version=1,
                reason="Half-sibling, not sibling: recorded again as that.",
            )
            self.relate("half_sibling", lives=YES, other=sibling.other, **home)

    def _since(self, days):
        return {"together_from": self.borough.today - timedelta(days=days)}

    def add(self, code, years, **said):
        given, _ = next(self.borough.names)
        born_on = self.borough.today - timedelta(days=years * 365 + self.borough.dice.randrange(20, 300))
        newcomer = {
            "given_name": given,
            "family_name": self.referral.person.family_name,
            "is_adult": years >= 18,
            "born_on": born_on.replace(day=15),
            "birth_precision": BirthPrecision.ESTIMATED,
        }
        return self.relate(code, newcomer=newcomer, **said)

    def relate(self, code, *, lives, responsible="", other=None, newcomer=None, **said):
        return self.story._do(
            relating.relate,
            self.referral.reference,
            actor=self.referral.worker,
            once=uuid.UUID(int=self.borough.dice.getrandbits(128), version=4),
            code=code,
            other=other,
            newcomer=newcomer,
            details={"parental_responsibility": responsible, "lives_together": lives, **said},
        )
