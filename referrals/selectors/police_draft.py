"""What stands beside a version of Form 87A while it is drafted."""

from hsb.core.fetched import fetch, keep
from referrals.selectors import consent
from referrals.selectors.police import ADDRESSES, confidential_addresses
from referrals.states import ConsentPurpose


def beside_draft(children, user, last):
    """What stands beside a version in work: {"consent": what the children's answers say of the police, "confidential":
    as `confidential_addresses` gives it}; `last` is the version it is written after, or None."""
    asked = consent.asked_of(children)
    if last is not None:
        asked, addresses = fetch(asked, ADDRESSES.filter(form=last))
        keep(last, "addresses", list(addresses))
    return {
        "consent": consent.beside(children, user, purposes=(ConsentPurpose.POLICE,), answers=asked),
        "confidential": confidential_addresses(children, user, last),
    }
