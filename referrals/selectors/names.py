"""What children are called on lists."""

from referrals.models import Referral


def names_of(user, referral_keys):
    """Key of referral -> what the child is known as, of those that `user` may open, in one query."""
    rows = (
        Referral.objects.visible_to(user)
        .filter(pk__in=referral_keys)
        .values_list("pk", "person__given_name", "person__family_name", "person__preferred_name")
    )
    return {key: known_as(*parts) for key, *parts in rows}


def known_as(given_name, family_name, preferred_name):
    """The preferred name where there is one, with the family name."""
    return f"{preferred_name or given_name} {family_name}".strip()
