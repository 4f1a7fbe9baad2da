"""Concerns: the page of one, each person in it by the reader's right; and those not yet logged (practice.md B7)."""

import re
from datetime import date

from django.conf import settings
from django.db.models import BigIntegerField
from django.urls import reverse

from hsb.core import clock, composed, identifiers, words
from hsb.core.borough_words import police_form
from hsb.core.composed import Given
from hsb.core.drafts import kept
from hsb.core.models import Draft
from hsb.core.riding import announce
from hsb.core.states import PlaceKind
from referrals.models import Concern, Person, PoliceReferral
from referrals.permissions import can_correct_concern, can_read_address, can_set_status
from referrals.selectors import deeds, people, police
from referrals.selectors.involved import asking_people, people_in, people_in_each, status_in_words
from referrals.selectors.joining import concerns_in
from referrals.selectors.person_details import years
from referrals.selectors.reading import Reading
from referrals.states import POLICE_UNRESOLVED, Context, InvolvementStatus

# What the drafts of unfinished concerns are kept as, and the kinds of people in one.
FORM = "log_concern"
KNOWN, NEW = "known", "new"
UNFINISHED_SHOWN = 20
REFERENCE = re.compile(r"(HSB|PER|CON)-?([0-9]{4})-?([0-9]{5})")
# A place of these kinds is somebody's address: shown where the reader may open everybody in the concern.
ADDRESSES = (PlaceKind.HOME, PlaceKind.PLACEMENT)


# --- Not yet logged -----------------------------------------------------------------------------------------------


def unfinished_concern(user, key):
    """The draft of `user`'s unfinished concern (its data), or None: nobody else ever gets it (B19)."""
    draft = kept(user, FORM, key)
    return draft.data if draft else None


def logged_from(user, key):
    """The reference of the concern that was logged from the draft of that key, or ""."""
    made = Concern.objects.filter(once=key, author=user).values_list("record__reference", flat=True).first()
    return made or ""


def begun_concerns(user):
    """A queryset of the drafts of the concerns that `user` began to log, the latest first."""
    return Draft.objects.filter(user=user, form=FORM).order_by("-saved_at")[:UNFINISHED_SHOWN]


def unfinished_concerns(drafts):
    """What somebody began to log (`begun_concerns`) and has not finished: dicts with url, text, people, saved_at."""
    return [
        {
            "url": reverse("referrals:concern_people", args=[draft.key]),
            "text": f"Concern with {words.count(len(draft.data['people']), 'person', 'people')}",
            "people": words.listed(_first_names(draft.data["people"])),
            "saved_at": words.instant(draft.saved_at),
        }
        for draft in drafts
        # Who has only searched has begun nothing.
        if draft.data["people"] or draft.data["what"]
    ]


def _first_names(entries):
    given = [(entry["raw"].get("given_name") or [""])[0].strip() for entry in entries if entry["kind"] == NEW]
    return [name for name in given if name]


def terms_of_search(typed):
    """What was typed (words, born_on, number, postcode) as the terms of `referrals.selectors.people.search`."""
    number = (typed.get("number") or "").strip()
    found = REFERENCE.fullmatch(number.upper())
    terms = {"words": typed.get("words") or "", "born_on": typed.get("born_on") or ""}
    if typed.get("postcode"):
        terms["postcode"] = typed["postcode"]
    if found:
        return {**terms, "reference": "-".join(found.groups())}
    return {**terms, "numbers": [identifiers.without_spaces(number)] if number else []}


def search_in_words(typed):
    """What was searched for, as it is said: "Sky Sample, born 5 May 2012"."""
    born_on = typed.get("born_on")
    said = [
        typed.get("words"),
        f"born {words.day(date.fromisoformat(born_on))}" if born_on else "",
        typed.get("number"),
        f"postcode {typed['postcode']}" if typed.get("postcode") else "",
    ]
    return ", ".join(part for part in said if part)


def masked_person(user, typed):
    """The reference of the one restricted person whom a search may only hint at; "" where it is not exactly one."""
    found = people.search(user, terms_of_search(typed))
    person = Person.objects.filter(pk=found.masked_record).select_related("record").first()
    return person.reference if person else ""


# --- The page of a concern --------------------------------------------------------------------------------------------


def concern_page(concern, user):
    """What the page of a concern shows: plain data, in a constant number of queries."""
    announce(_police_referrals().asking(concern=concern.pk))
    everybody = people_in(concern, user)
    opened = [each for each in everybody if each["opens"]]
    text = _text(concern, everybody, user)
    return {
        "reference": concern.reference,
        "opened": [each["referral"] for each in opened],
        "reported_on": words.day(concern.reported_on),
        "do_not_disclose": concern.do_not_disclose,
        "text": text,
        "facts": [*_facts(concern, user, everybody), *(_since(concern) if opened else [])],
        "people": [card(each, concern, opened, user) for each in everybody],
        "police": _police(concern, user, opened) if opened else None,
        "own": [
            {"text": f"{each['name']}, {each['referral'].reference}", "url": _case(each["referral"])} for each in opened
        ],
    }


def reported_in(concern, user):
    """What was reported, for whoever may read it; else ""."""
    everybody = people_in(concern, user)
    return concern.what_was_reported if reads_text(concern, everybody, user) else ""


def asking_reported(referral, user):
    """The Question of `reported_of` (riding.py)."""
    return asking_people(concerns_in(Reading.of(referral, user).parts), user)


def reported_of(referral, user):
    """What was reported in each concern of the referral, to stand folded beside a form: [{"summary", "text"}]."""
    parts = Reading.of(referral, user).parts
    concerns = concerns_in(parts)
    everybody = people_in_each(concerns, user)
    return [
        {
            "summary": f"What was reported on {words.day(concern.reported_on)}{_how_sure(parts, concern)}",
            "text": _text(concern, everybody[concern.pk], user),
        }
        for concern in concerns
    ]


def _how_sure(parts, concern):
    """(unfounded): what the child's own parts are by now; "" while they are alleged and nothing more."""
    statuses = dict.fromkeys(part.get_status_display().lower() for part in parts if part.concern_id == concern.pk)
    alone = list(statuses) == [InvolvementStatus.ALLEGED.label.lower()]
    return "" if alone or not statuses else f" ({words.listed(statuses)})"


def _text(concern, everybody, user):
    """What was reported, as it was written: for whoever wrote it, or may open everybody of whom it tells (B7, B15)."""
    if reads_text(concern, everybody, user):
        return concern.what_was_reported
    hidden = [each for each in everybody if each["hidden"]]
    whom = words.listed(dict.fromkeys(_whom_to_ask(each) for each in hidden))
    return f"What was reported names somebody whose record you may not open. Ask {whom} if you need it."


def reads_text(concern, everybody, user):
    """Whether `user` reads what was written of all of them: who wrote it, or may open everybody of whom it tells."""
    return concern.author_id == user.pk or not any(each["hidden"] for each in everybody)


def _whom_to_ask(each):
    """Who has somebody hidden; of a restricted record the duty desk alone is named (B8)."""
    referral = each["referral"]
    restricted = each["person"].record.restricted or (referral is not None and referral.record.restricted)
    team = None if restricted or referral is None else referral.record.holding_team
    return team.name if team else settings.DUTY_DESK


def _case(referral):
    return deeds.url_of("case", referral)


def _facts(concern, user, everybody):
    source = concern.get_source_display()
    shown = concern.place is None or place_is_shown(concern.place_kind, concern, user, everybody)
    return [
        {"label": "Reported on", "value": words.day(concern.reported_on)},
        {"label": "Reported by", "value": f"{source}: {concern.reported_by}" if concern.reported_by else source},
        {
            "label": "Logged by",
            "value": f"{concern.author.name}, {concern.authors_team.name}, on {words.instant(concern.recorded_at)}",
        },
        {"label": "When it happened", "value": _when(concern)},
        {"label": "Where it happened", "value": _where(concern, shown)},
        {"label": "Council's area where it happened", "value": _borough(concern)},
        {"label": "Where in the children's lives", "value": contexts_in_words(concern), "empty": "Nobody has said yet"},
        {"label": "Protection needed at once", "value": concern.get_protection_needed_display()},
        {"label": "Crime suspected", "value": "Yes" if concern.crime_suspected else "No"},
    ]


def _since(concern):
    """What others wrote since: for those who may open one of its referrals."""
    return [
        {
            "label": "Referrer told of the decision",
            "value": words.day(concern.referrer_told_on),
            "empty": "Not yet",
        },
    ]


def _when(concern):
    said = [words.day(concern.happened_on), concern.happened_in_words]
    return ", ".join(part for part in said if part) or "Not known"


def _borough(concern):
    return concern.other_borough or concern.get_borough_display()


def place_is_shown(kind, concern, user, everybody):
    """Whether a place of that kind may be named. A home, or where a child was placed, only to who may open everybody
    in the concern, and not where it may be an address that is confidential to this reader; or to who typed it."""
    if kind not in ADDRESSES or concern.author_id == user.pk:
        return True
    if not all(each["shown"] for each in everybody):
        return False
    return all(can_read_address(p, user) for p in (each["person"] for each in everybody) if p.address_confidential)


def _where(concern, shown):
    kind = concern.get_place_kind_display()
    if concern.place is None or not shown:
        return kind
    return ", ".join(part for part in (kind, concern.place.name, concern.place.postcode) if part)


def contexts_in_words(concern):
    """The contexts of a concern: "School, Online or by phone"; "" while nobody has said."""
    return ", ".join(Context(code).label for code in Context.values if code in concern.contexts)


def card(each, concern, opened, user, here=None):
    """One person of the concern (of `people_in`), as a card: a title and rows.

    `opened` are those the reader may open; `here` is the referral whose page it stands on.
    """
    person, referral = each["person"], each["referral"]
    rows = [{"label": "Part in it", "values": each["roles"]}, *_status_rows(each, opened, user, here)]
    rows += _relationship_rows(each, opened, user, here)
    if each["shown"]:
        rows.append({"label": "Age", "values": _ages(person, concern)})
    if referral is not None and referral == here:
        rows.append({"label": "Referral", "value": "This one"})
    elif each["opens"]:
        rows.append(
            {
                "label": "Referral",
                "value": f"{referral.reference}, {referral.get_state_display().lower()}",
                "change_url": _case(referral),
                "change_text": "Open",
            }
        )
    elif referral is not None:
        rows.append({"label": "Referral", "value": "Has a referral of their own"})
    elif each["why_none"] and not each["hidden"]:
        rows.append({"label": "Referral", "value": each["why_none"], **_edit_link(each, opened)})
    return {"title": each["name"], "rows": rows}


def _changed_at(each, opened, here):
    """The referral on whose pages the parts of somebody are changed, or None: their own, or one of the concern."""
    at = here or (each["referral"] if each["opens"] else None)
    if each["referral"] is None and each["shown"] and opened:
        at = opened[0]["referral"]
    return at if at is not None and at.is_open and each["referral"] in (None, at) else None


def _relationship_rows(each, opened, user, here):
    """What they are to the others, with the way to say it for whoever may."""
    at = _changed_at(each, opened, here)
    may = at is not None and not each["hidden"] and can_correct_concern(at, user)
    if not each["relationship"] and not may:
        return []
    row = {"label": "Relationship", "value": each["relationship"], "empty": "Nobody has said yet"}
    if may:
        row["change_url"] = reverse("referrals:set_relationship", args=[at.reference, each["parts"][0].pk])
    return [row]


def _status_rows(each, opened, user, here):
    """How sure each part is, and since when; with the way to change it for whoever may."""
    at = _changed_at(each, opened, here)
    may = at is not None and can_set_status(at, user)
    several = len(each["parts"]) > 1
    for part in each["parts"]:
        row = {
            "label": f"Status: {part.get_role_display()}" if several else "Status",
            "values": status_in_words(part) if not each["hidden"] else [part.get_status_display()],
        }
        if may:
            row["change_url"] = reverse("referrals:set_status", args=[at.reference, part.pk])
        yield row


def _ages(person, concern):
    then = [f"When it happened: {years(person, concern.happened_on)}"] if concern.happened_on else []
    return [*then, f"Today: {years(person, clock.today())}"]


def _edit_link(each, opened):
    """Where the details of somebody without a referral stand: inside a referral of the same concern."""
    if not each["shown"] or not opened:
        return {}
    url = reverse("referrals:person", args=[opened[0]["referral"].reference, each["person"].reference])
    return {"change_url": url, "change_text": "Details"}


def _police(concern, user, opened):
    """Form 87A of the concern: a sentence for each, and the way to it where the reader can open one of its children."""
    forms = _police_referrals().objects(concern=concern.pk)
    for form in forms:
        form.concern = concern
    url = reverse("referrals:police_forms", args=[opened[0]["referral"].reference]) if opened and forms else ""
    name = police_form()
    return {
        "name": name,
        "url": url,
        "outstanding": any(form.state in POLICE_UNRESOLVED for form in forms),
        "forms": [_police_in_words(form, name, user) for form in forms] or [f"{name} has not been asked for."],
    }


def _police_referrals():
    """The Composed of every Form 87A of a concern."""

    def rows():
        forms = PoliceReferral.objects.filter(concern=Given("concern", BigIntegerField()))
        return forms.select_related("record", "resolved_by").order_by("needed_since", "pk")

    return composed.kept("police referrals of a concern", rows)


def _police_in_words(form, name, user):
    said = f"{name} is needed since {words.day(form.needed_since)}. {form.get_state_display()}."
    stands = police.stands(form)
    reason = f": {told}" if (told := police.reason_for(form, user)) else "."
    return f"{said} {stands}{reason}" if stands else said
