"""The tab "People" of a case: what we know of the child, and everybody in each of the case's concerns."""

from django.urls import reverse

from hsb.core import words
from referrals.permissions import can_assess, can_set_contexts
from referrals.selectors import deeds
from referrals.selectors.concern_deeds import add_url, correct_url
from referrals.selectors.concerns import card, contexts_in_words
from referrals.selectors.family import asking_family, family
from referrals.selectors.identity import groups
from referrals.selectors.involved import asking_people, people_in_each
from referrals.selectors.joining import concerns_in, concerns_of
from referrals.selectors.person_details import ages, asking_ages, read_referrals
from referrals.selectors.reading import Reading


def asking_tab(referral, user):
    """The Questions of `people_tab` (riding.py)."""
    concerns = concerns_in(Reading.of(referral, user).parts)
    person = referral.person
    return [asking_people(concerns, user), asking_family(person, user), *asking_ages(person, user)]


def people_tab(referral, user):
    """Plain data: the child's details, and the concerns with their people. Constant in queries."""
    concerns = concerns_of(referral)
    everybody = people_in_each(concerns, user)
    person = referral.person
    referrals = read_referrals(person, user)
    return {
        "groups": groups(person, user, referral),
        "ages": ages(person, user, referrals),
        "url": reverse("referrals:person", args=[referral.reference, person.reference]),
        "markers_url": reverse("referrals:markers", args=[referral.reference, person.reference]),
        "consent_url": reverse("referrals:consent", args=[referral.reference]),
        "sharing_url": reverse("referrals:sharing", args=[referral.reference]),
        "roles_url": deeds.url_of("set_roles", referral)
        if can_assess(referral, user) and not referral.has_ended
        else "",
        "contexts_url": deeds.url_of("set_contexts", referral)
        if can_set_contexts(referral, user) and not referral.has_ended
        else "",
        "family": family(referral, user),
        "concerns": [_concern(concern, everybody[concern.pk], referral, user) for concern in concerns],
    }


def _concern(concern, everybody, referral, user):
    # The page stands in one case: details of somebody without a referral are edited inside it.
    inside = [{"referral": referral}]
    return {
        "title": f"Concern reported on {words.day(concern.reported_on)}",
        "url": reverse("referrals:concern", args=[concern.reference]),
        "said": _said(concern),
        "add_url": add_url(concern, referral, user),
        "correct_url": correct_url(concern, referral, user),
        "do_not_disclose": concern.do_not_disclose,
        "people": [card(each, concern, inside, user, here=referral) for each in everybody],
    }


def _said(concern):
    said = f"Reported by: {concern.get_source_display()}. Where: {concern.get_place_kind_display()}."
    contexts = contexts_in_words(concern)
    return f"{said} Where in the children's lives: {contexts}." if contexts else said
