"""What children are called on lists."""

from hsb.core.called import Called
from referrals.models import Referral

PARTS = ("person__given_name", "person__family_name", "person__preferred_name")


def names_of(user, referral_keys):
    """Key of referral -> what the child is known as, of those that `user` may open, in one query."""
    return CHILDREN.of(user, referral_keys)


def known_as(given_name, family_name, preferred_name):
    """The preferred name where there is one, with the family name."""
    return f"{preferred_name or given_name} {family_name}".strip()


CHILDREN = Called(
    rows=lambda user: Referral.objects.visible_to(user).values("pk", *PARTS),
    said=lambda row: known_as(*(row[part] for part in PARTS)),
)
