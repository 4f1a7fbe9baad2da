"""Consent of a child: what stands, by purpose and by whom; what stood before; what is said beside it (A6, A30, B21).

Of one purpose each person who was asked has one standing answer: their latest. A parent is named by the reader's right
to the relationship. The child's age that day stands beside their answer and decides nothing; the sentence of
selectors.ages about children under 13 is about sexual behaviour, and stands nowhere here.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from hsb.core import clock, words
from referrals.kinships import CAN_HAVE_RESPONSIBILITY
from referrals.models import ConsentAnswer
from referrals.permissions import can_record_consent
from referrals.selectors.ages import on_day
from referrals.selectors.family import seen_by
from referrals.states import (
    SAID_NO,
    AnsweredHow,
    Basis,
    ConsentBy,
    ConsentPurpose,
    ConsentSaid,
    NotAskedBecause,
    YesNoUnknown,
)

ENDED = "This referral has ended and stays as it is: reopen it first, and record the answer on the new episode."
A_PARENT = "A parent or carer"
RESPONSIBLE = {
    YesNoUnknown.YES: "has parental responsibility",
    YesNoUnknown.UNKNOWN: "parental responsibility not known: ask before you rely on it",
}
COLUMNS = ("For what", "Who", "What stands")
WHERE = "Record an answer under “People”, “Consent”, or choose another basis."

NO_ANSWER_NAMED = f"{Basis.CONSENT.label} it cannot be: choose the answer on which it rests. {WHERE}"


# --- What stands ------------------------------------------------------------------------------------------------------


def answers_of(referrals):
    """{key of a referral: its ConsentAnswers in the order in which they hold, the replaced ones too}. One query."""
    return by_referral(referrals, asked_of(referrals))


def by_referral(referrals, asked):
    """The same of the rows of `asked_of`."""
    found = {referral.pk: [] for referral in referrals}
    for row in asked:
        found[row.referral_id].append(row)
    return {key: in_order(rows) for key, rows in found.items()}


def asked_of(referrals):
    """A queryset of the rows of `answers_of`."""
    rows = ConsentAnswer.objects.filter(referral__in=[referral.pk for referral in referrals])
    return rows.select_related("relationship", "recorded_by", "replaces", "replaced_by").order_by("referral", "number")


def in_order(rows):
    """By the day of the answer; of one day as they were recorded, one recorded anew in the place of its first one."""
    first = {}
    for row in sorted(rows, key=lambda row: row.number):
        before = row.replaces
        first[row.number] = first[before.number] if before is not None else row.number
    return sorted(rows, key=lambda row: (row.happened_on, first[row.number]))


def without_replaced(rows):
    replaced = {row.replaces_id for row in rows} - {None}
    return [row for row in rows if row.pk not in replaced]


def standing(rows):
    """The latest of each purpose and person among the rows of one referral, purposes in their order."""
    latest = {(row.about, row.whose): row for row in without_replaced(in_order(rows))}
    order = list(ConsentPurpose)
    return sorted(latest.values(), key=lambda row: (order.index(row.purpose), row.about, row.answered_by))


def is_past(row):
    """Whether the day until which it holds has gone by."""
    return row.holds_until is not None and row.holds_until < clock.today()


def says_yes(row):
    return row.answer == ConsentSaid.AGREED and not is_past(row)


def withdraws_nothing(rows):
    """The rows among the answers of one referral that withdraw what the same person never agreed to before."""
    agreed, found = set(), []
    for row in without_replaced(in_order(rows)):
        if row.answer == ConsentSaid.AGREED:
            agreed.add((row.about, row.whose))
        elif row.answer == ConsentSaid.WITHDREW and (row.about, row.whose) not in agreed:
            found.append(row)
    return found


# --- Sharing with consent ---------------------------------------------------------------------------------------------


def refusal(rows, purpose):
    """Why nothing is shared “with consent” for that purpose, from the answers of one referral; "" where it can be.

    Somebody must have agreed, and it must hold; and a no of anybody who was asked stands until that person says
    otherwise: another one's yes does not outweigh it. Whoever shares all the same says so by another basis. Nobody is
    named in it.
    """
    mine = [row for row in standing(rows) if row.purpose == purpose]
    if no := [row for row in mine if row.answer in SAID_NO]:
        return f"{Basis.CONSENT.label} it cannot be: {_listed(no)}. {WHERE}"
    if any(says_yes(row) for row in mine):
        return ""
    stands = _listed(mine) if mine else f"no answer is recorded for “{ConsentPurpose(purpose).label}”"
    return f"{Basis.CONSENT.label} it cannot be: {stands}. {WHERE}"


def refusal_of(rows, number):
    """The same for the standing answer of that number, on which somebody says that it rests; None names none."""
    row = next((each for each in standing(rows) if each.number == number), None)
    if row is None:
        return NO_ANSWER_NAMED
    others = [each for each in standing(rows) if each.about == row.about]
    no = [each for each in others if each.answer in SAID_NO]
    if no or not says_yes(row):
        return f"{Basis.CONSENT.label} it cannot be: {_listed(no or [row])}. {WHERE}"
    return ""


def yes_to(rows, purpose):
    """The standing answers by which somebody agreed to that purpose."""
    return [row for row in standing(rows) if row.purpose == purpose and says_yes(row)]


def _listed(rows):
    who = {ConsentBy.CHILD: "the child", ConsentBy.PARENT: "a parent or carer"}
    return words.listed(f"{who[row.answered_by]} {_said(row)} ({purpose_in_words(row)})" for row in rows)


def _said(row):
    """ "agreed on 3 May 2026, which held until 1 June 2026"."""
    said = f"{row.get_answer_display()[0].lower()}{row.get_answer_display()[1:]} on {words.day(row.happened_on)}"
    if row.answer == ConsentSaid.NOT_ASKED:
        return f"{said}, because: {_why_not(row)}"
    if row.holds_until:
        return f"{said}, which {'held' if is_past(row) else 'holds'} until {words.day(row.holds_until)}"
    return said


def _why_not(row):
    label = NotAskedBecause(row.not_asked_because).label
    return row.not_asked_words if row.not_asked_because == NotAskedBecause.OTHER else f"{label[0].lower()}{label[1:]}"


def purpose_in_words(row):
    label = ConsentPurpose(row.purpose).label
    return f"{label}: {row.purpose_words}" if row.purpose_words else label


# --- What is shown beside a form --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What stands of consent beside a form on which something is shared, of one child or of several.

    `facts`: sentences; `refusals`: {purpose: why it cannot be “with consent”, or ""}; `agreed`: [(number, words)] of
    what can be named where no purpose follows; `refused_by_number`: {number: why not, or ""} of these.
    """

    facts: tuple
    refusals: dict
    agreed: tuple = ()
    refused_by_number: dict = field(default_factory=dict)

    @property
    def hint(self):
        return " ".join(self.facts)

    def refusal_of(self, number):
        """Why it cannot rest on the answer of that number (a text), or ""."""
        return self.refused_by_number.get(number, NO_ANSWER_NAMED)


def beside(referrals, user, *, purposes, family=None, answers=None):
    """The Beside of these referrals, all of which `user` may open, for the purposes of the form; `answers` are the rows
    of `asked_of`, where they were asked for with others."""
    answers = by_referral(referrals, asked_of(referrals) if answers is None else answers)
    alone = len(referrals) == 1
    facts, agreed = [], []
    for referral in referrals:
        stands = standing(answers[referral.pk])
        names = _names(stands, referral, user, family)
        name = "" if alone else f"{referral.person.known_as}: "
        shown = [row for row in stands if row.purpose in purposes]
        facts += [f"{name}{_sentence(row, names)}" for row in shown]
        facts += [] if shown else [f"{name}No answer about it is recorded."]
        agreed += [(str(row.number), _sentence(row, names)) for row in stands if says_yes(row)] if alone else []
    rows = answers[referrals[0].pk] if alone else []
    return Beside(
        facts=tuple(facts),
        refusals={purpose: refusal_of_all(referrals, purpose, answers) for purpose in purposes},
        agreed=tuple(agreed),
        refused_by_number={number: refusal_of(rows, int(number)) for number, _ in agreed},
    )


def refusal_of_all(referrals, purpose, answers=None):
    """Why it cannot be “with consent” for every one of these children: the first sentence, or ""."""
    answers = answers_of(referrals) if answers is None else answers
    for referral in referrals:
        if why := refusal(answers[referral.pk], purpose):
            return why if len(referrals) == 1 else f"{referral.person.known_as}: {why}"
    return ""


def _sentence(row, names):
    return f"{purpose_in_words(row)}: {_who(row, names)} {_said(row)}."


def _names(rows, referral, user, family=None):
    """{key of a relationship: (name, relation)} as `user` may read them; `family` where seen_by was asked already."""
    if not any(row.relationship_id for row in rows):
        return {}
    seen = seen_by(referral.person, user) if family is None else family
    return {each.row.pk: (each.name if each.shown else A_PARENT, each.relation) for each in seen}


def _who(row, names):
    if row.answered_by == ConsentBy.CHILD:
        return "the child"
    if row.relationship_id:
        name, relation = names.get(row.relationship_id, (A_PARENT, ""))
        return f"{name} ({relation})" if relation else name
    return row.answerer_name


def stands_in_rows(answers, referral, user, family=None):
    """The standing ones of the answers (of `answers_of`) as table rows (COLUMNS)."""
    stands = standing(answers)
    names = _names(stands, referral, user, family)
    return [
        [
            {"text": purpose_in_words(row)},
            {"text": _capital(_who(row, names)), "note": _age(row, referral)},
            {"text": _capital(_said(row)), "tags": _tags(row)},
        ]
        for row in stands
    ]


def says_no_to_help(rows):
    """(person, answer) of every standing no to support from Early Help, among the answers of one referral."""
    early = [row for row in standing(rows) if row.purpose == ConsentPurpose.EARLY_HELP]
    return {(row.whose, row.answer) for row in early if row.answer in SAID_NO}


def about_early_help(referral, user, answers=None):
    """Sentences of what stands about support from Early Help, the standing answers alone; `answers` where they were
    read already."""
    stands = standing(answers_of([referral])[referral.pk] if answers is None else answers)
    mine = [row for row in stands if row.purpose == ConsentPurpose.EARLY_HELP]
    names = _names(mine, referral, user)
    return [f"Support from Early Help: {_who(row, names)} {_said(row)}." for row in mine]


# --- The page "Consent" -----------------------------------------------------------------------------------------------


def consent_page(referral, user):
    """Plain data for the page, in a constant number of queries."""
    rows = answers_of([referral])[referral.pk]
    stands = standing(rows)
    now = {row.pk for row in stands}
    names = _names(rows, referral, user)
    may = can_record_consent(referral, user)
    opens = may and referral.is_open
    by_number = {row.pk: row for row in rows}
    groups = {}
    for row in stands:
        group = groups.setdefault(row.about, {"title": purpose_in_words(row), "rows": [], "earlier": []})
        group["rows"].append(_card(row, referral, names, by_number, opens))
    gone = {}
    for row in reversed(rows):
        if row.pk not in now:
            home = groups.get(row.about) or gone.setdefault(row.about, {"title": purpose_in_words(row), "earlier": []})
            replaced = hasattr(row, "replaced_by")
            home["earlier"].append(_card(row, referral, names, by_number, opens and not replaced))
    asked = {row.purpose for row in stands}
    return {
        "groups": [*groups.values(), *gone.values()],
        "silent": [purpose.label for purpose in ConsentPurpose if purpose not in asked and purpose != "other"],
        "record_url": reverse("referrals:record_consent", args=[referral.reference]) if opens else "",
        "why_not": ENDED if may and not referral.is_open else "",
    }


def _card(row, referral, names, by_key, may_replace):
    asked = row.answer != ConsentSaid.NOT_ASKED
    facts = [{"label": "Answer", "value": _capital(_said(row))}]
    if row.answered_by == ConsentBy.CHILD:
        facts.append({"label": "Age that day", "value": _age(row, referral)})
    if asked:
        facts += [
            {"label": "How", "value": AnsweredHow(row.how).label},
            {"label": "What they were told", "value": row.told},
            {"label": "In their own words", "value": row.own_words},
        ]
    facts.append({"label": "Recorded", "value": f"{row.recorded_by.name}, {words.instant(row.recorded_at)}"})
    if row.replaces_id:
        value = f"{by_key[row.replaces_id].reference}: {row.replaces_reason}"
        facts.append({"label": "Recorded anew, instead of", "value": value})
    if hasattr(row, "replaced_by"):
        value = f"{row.replaced_by.reference}: {row.replaced_by.replaces_reason}"
        facts.append({"label": "Replaced by", "value": value})
    state = "Past" if is_past(row) else ConsentSaid(row.answer).label
    return {
        "title": f"{_capital(_who(row, names))}: {state[0].lower()}{state[1:]}",
        "reference": row.reference,
        "facts": facts,
        "replace_url": reverse("referrals:replace_consent", args=[referral.reference, row.number])
        if may_replace
        else "",
    }


def _tags(row):
    if is_past(row):
        return [{"text": "Past its day", "meaning": "late"}]
    return [{"text": "Said no", "meaning": "soon"}] if row.answer in SAID_NO else []


def _age(row, referral):
    if row.answered_by != ConsentBy.CHILD:
        return ""
    return _capital(on_day(referral.person, row.happened_on))


def _capital(text):
    return text[:1].upper() + text[1:]


# --- What is asked ----------------------------------------------------------------------------------------------------


def answer_at(referral, number):
    """The answer of that number, or None."""
    named = ("relationship", "replaced_by", "recorded_by")
    return ConsentAnswer.objects.select_related(*named).filter(referral=referral, number=number).first()


def carers(referral, user):
    """[Seen] of the adults whose answer can be recorded: open relationships that `user` may read, where parental
    responsibility is not known to be missing; each person once."""
    found = {}
    for each in seen_by(referral.person, user):
        row = each.row
        known = row.is_open and each.shown and row.kind in CAN_HAVE_RESPONSIBILITY
        if known and not row.flipped_for(each.child) and row.parental_responsibility in RESPONSIBLE:
            found.setdefault(each.person.pk, each)
    return list(found.values())


def unmet(referral):
    """Sentences of what must be true before an answer can be recorded."""
    return () if referral.is_open else (ENDED,)
