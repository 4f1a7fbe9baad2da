"""Form 87A as one reader may see it: where it stands, what it says, and the next step (practice.md B3, B4, B7).

What it says of several children opens only for who may open every one of them; the others read where it stands,
and whom to ask.
"""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from hsb.core import settings_in_force, words
from hsb.core.borough_words import police_form
from hsb.core.fetched import fetch, spread
from hsb.core.timescales import timescale
from referrals import permissions
from referrals.models import Involvement, PoliceCall, PoliceFormAddress, RefusalStep
from referrals.selectors import held_back, notifications
from referrals.selectors import police_supplements as supplements
from referrals.selectors.beside import FOR_ALL, advice_for_all, at_or_on, police_call_notes, who_has
from referrals.selectors.changed import differences
from referrals.selectors.identity import ask_for_address, read_whose_addresses
from referrals.selectors.judgements import beside_reason
from referrals.selectors.police_missing import missing
from referrals.selectors.police_refusals import after_refusal
from referrals.selectors.reading import Reading
from referrals.states import POLICE_UNRESOLVED, POLICE_WENT_OUT, PoliceReferralState

P = PoliceReferralState
MEANING = {
    P.NEEDED: "first",
    P.DRAFTED: "soon",
    P.APPROVED: "soon",
    P.SENT: "open",
    P.ACKNOWLEDGED: "done",
    P.REFUSED: "first",
}


@dataclass(frozen=True)
class Step:
    """A page of one Form 87A. `verbs` are the doors that it opens; `states` says its words in each state."""

    code: str
    verbs: tuple
    words: str
    again: str = ""  # the words where there is a version already


STEPS = {
    step.code: step
    for step in (
        Step("police_approve", ("approve", "return_to_drafter"), "Approve {form}, or return it"),
        Step("police_sent", ("record_sent",), "Record that {form} was sent"),
        Step("police_answer", ("acknowledge", "refuse"), "Record what the police answered"),
        Step("police_draft", ("draft",), "Draft {form}", "Change the draft of {form}"),
        Step(
            "police_excuse",
            ("not_sent_because", "no_longer_needed_because"),
            "Record why {form} is not sent, or no longer needed",
        ),
    )
}
# Those in a version, with whose they are.
ADDRESSES = PoliceFormAddress.objects.select_related("child__record", "child__person__record")
# The step that moves it on, state by state; the other steps stand beside it.
FORWARD = {
    P.NEEDED: "police_draft",
    P.REFUSED: "police_draft",
    P.DRAFTED: "police_approve",
    P.APPROVED: "police_sent",
    P.SENT: "police_answer",
}


def recipient():
    """To whom it goes unless somebody says otherwise: the team, and its mailbox."""
    team, mailbox = settings_in_force.value("police_team"), settings_in_force.value("police_mailbox")
    return f"{team}, {mailbox}" if mailbox else team


def of_referral(reading, reference):
    """The police referral of that reference, of one of the referral's concerns; None where there is none."""
    return next((each for each in reading.police_referrals if each.reference == reference), None)


def step_url(code, referral, police_referral):
    return reverse(f"referrals:{code}", args=[referral.reference, police_referral.reference])


def standing_of(police_referral, code, user):
    """(in time, allowed, unmet sentences) of a step for `user`."""
    if code in supplements.STEPS:
        return supplements.standing_of(police_referral, code, user)
    step = STEPS[code]
    if code == "police_draft" and police_referral.state == P.DRAFTED:  # written anew where it stands
        return True, permissions.can_write_police_referral(police_referral, user), ()
    transitions = police_referral.get_available_state_transitions_whatever_the_guards()
    mine = [t for t in transitions if t.name in step.verbs]
    allowed = [t for t in mine if t.has_perm(police_referral, user)]
    unmet = [g.sentence for t in allowed for g in t.conditions if not g.asked and not g(police_referral)]
    return bool(mine), bool(allowed), tuple(dict.fromkeys(unmet))


def forward(reading):
    """{"code", "text", "url"} of the step that moves the oldest unresolved form on and is the reader's, or None.

    The frame, the buttons and "Next" ask it of the same reading: it is worked out once.
    """
    if "_police_forward" not in reading.__dict__:
        reading._police_forward = _forward(reading)
    return reading._police_forward


def _forward(reading):
    for each in reading.police_referrals:
        if each.state not in POLICE_UNRESOLVED:
            continue
        code = FORWARD[each.state]
        in_time, allowed, unmet = standing_of(each, code, reading.user)
        if not (in_time and allowed):
            continue
        if unmet:  # the call comes first
            url = reverse("referrals:police_call", args=[reading.referral.reference])
            return {"code": "police_call", "text": "Call the police, and record the call", "url": url}
        return {
            "code": code,
            "text": STEPS[code].words.format(form=police_form()),
            "url": step_url(code, reading.referral, each),
        }
    return None


def is_hidden(reading):
    """Whether a form is unresolved that covers a child whose record the reader may not open."""
    unresolved = (each for each in reading.police_referrals if each.state in POLICE_UNRESOLVED)
    return any(not each.opens_for(reading.user) for each in unresolved)


def next_url(reading):
    """Where the task leads: to the reader's own step, or to the page with every form."""
    step = forward(reading)
    if step:
        return step["url"]
    for each in reading.police_referrals:
        code = supplements.waiting_step(each, reading.user)
        if code:
            return step_url(code, reading.referral, each)
        in_time, allowed, _ = standing_of(each, "police_answer", reading.user)
        if each.state == P.SENT and in_time and allowed:
            return step_url("police_answer", reading.referral, each)
    return reverse("referrals:police_forms", args=[reading.referral.reference])


def to_approve(reading):
    """The drafts that the reader may approve, for the manager's one page.

    {"value", "label", "rows", "texts", "sent_back", "url"} of each.
    """
    found = []
    for each in reading.police_referrals:
        if each.state != P.DRAFTED or not standing_of(each, "police_approve", reading.user)[1]:
            continue
        form = each.latest_form()
        found.append(
            {
                "value": f"{each.reference}:{each.version}",
                "label": f"{police_form()}, drafted by {form.drafted_by.name} on {words.instant(form.drafted_at)}",
                "rows": [row for row in version_rows(form) if row["value"]],
                "texts": [{"summary": label, "text": text} for label, text in texts_of(form)],
                "sent_back": sent_back(each),
                "changed": changed_since_decided(each, form),
                "url": step_url("police_approve", reading.referral, each),
            }
        )
    return found


# --- Beside the case ----------------------------------------------------------------------------------------------


def reason_for(each, user):
    """Why a manager decided that it is not sent, for whoever decided, or may open every child of whom it may speak."""
    return each.reason if each.reason and (each.resolved_by_id == user.pk or each.opens_for(user)) else ""


def weighed_for(each, reading):
    """What was weighed for that decision, for whoever reads its reason."""
    return beside_reason(reading.police_decisions.get(each.record_id, ())) if reason_for(each, reading.user) else []


def note(each, reading):
    """A Form 87A in short, for the overview: where it stands, by whom."""
    reason = reason_for(each, reading.user)
    texts = [{"summary": "Reason", "text": reason}, *weighed_for(each, reading)] if reason else []
    return {
        "title": f"{police_form()}, needed since {words.instant(each.needed_since)}",
        "by": stands(each),
        "tag": {"text": each.get_state_display(), "meaning": MEANING.get(each.state, "quiet")},
        "texts": texts,
    }


def stands(each):
    """One sentence: what happened last, and by whom."""
    form = each.latest_form() if each.state not in (P.NOT_SENT, P.NO_LONGER_NEEDED) else None
    if each.resolved_by:
        return f"Decided by {each.resolved_by.name} on {words.instant(each.resolved_at)}"
    if form is None:
        return ""
    return {
        P.NEEDED: lambda: f"Returned by {form.returned_by.name} on {words.instant(form.returned_at)}",
        P.DRAFTED: lambda: f"Drafted by {form.drafted_by.name} on {words.instant(form.drafted_at)}",
        P.APPROVED: lambda: f"Approved by {form.approved_by.name} on {words.instant(form.approved_at)}",
        P.SENT: lambda: f"Sent {_sent(form)}",
        P.ACKNOWLEDGED: lambda: f"Sent {_sent(form)}. Acknowledged {_acknowledged(form)}",
        P.REFUSED: lambda: f"Sent {_sent(form)}. Refused on {words.day(form.refused_on)} by {form.refused_by}",
    }[each.state]()


# --- The page -----------------------------------------------------------------------------------------------------


def forms_of(referral, user):
    """The page "Form 87A" of a referral: every form of its concerns, the oldest first; constant in queries."""
    reading = Reading.of(referral, user)
    told = notifications.about(referral)
    tellings = held_back.tellings_of_forms(reading.police_referrals)
    versions = [form for each in reading.police_referrals for form in each.every_version()]
    read_with(versions, tellings, told, reading.calls_of_its_forms)
    held = held_back.of_forms(referral, reading.police_referrals, tellings, user)
    return {
        "notifications": notifications.of_referral(referral, user, told),
        "name": police_form(),
        "soon": timescale("police_referral").in_words,
        "forms": [_one(reading, each, held[each.pk]) for each in reading.police_referrals],
    }


def _one(reading, each, held):
    opens = each.opens_for(reading.user)
    return {
        "title": f"{police_form()} for the concern reported on {words.day(each.concern.reported_on)}",
        "tag": {"text": each.get_state_display(), "meaning": MEANING.get(each.state, "quiet")},
        "rows": _rows(each, reading.user),
        "weighed": weighed_for(each, reading),
        "held_back": held,
        "masked": "" if opens else masked(each, reading.user),
        "call_url": _call_url(reading, each),
        "calls": calls_about(each, reading),
        "missing": missing(each, reading.user),
        "steps": list(_steps(reading, each)),
        "versions": [_version(reading, each, form) for form in reversed(each.every_version())] if opens else [],
    }


def _rows(each, user):
    """Where it stands: said to everybody who may open one of its children."""
    rows = [{"label": "Needed since", "value": words.instant(each.needed_since)}]
    form = each.latest_form()
    if form is not None:
        rows.append({"label": "Drafted by", "value": f"{form.drafted_by.name}, {words.instant(form.drafted_at)}"})
    if form is not None and form.approved_by and each.state in (P.APPROVED, *POLICE_WENT_OUT, P.REFUSED):
        rows.append({"label": "Approved by", "value": f"{form.approved_by.name}, {words.instant(form.approved_at)}"})
    if each.resolved_by:
        rows.append({"label": "Decided by", "value": f"{each.resolved_by.name}, {words.instant(each.resolved_at)}"})
    if reason := reason_for(each, user):
        rows.append({"label": "Reason", "value": reason})
    return rows


def masked(each, user):
    """Why the reader does not see what it says, and whom to ask (B7, B8)."""
    others = each.hidden_from(user)
    whom = words.listed(list(dict.fromkeys(who_has(child) for child in others)))
    said = "another child, whose record" if len(others) == 1 else "other children, whose records"
    return (
        f"{police_form()} covers {said} you cannot open. Whoever may open every child of it drafts, "
        f"approves and sends it. Ask {whom}: they can, or they can name you as a reader."
    )


def calls_about(each, reading):
    """The calls to the police about its concern, on the page of one of its children: {"notes", "advice"}."""
    calls = reading.calls_about(each.concern_id)
    return {"notes": police_call_notes(calls, reading.referral), "advice": advice_for_all(calls)}


def advice_about(concern, referrals):
    """What the police advised, and have not lifted, for every child of a concern or of another of these referrals'.

    Sentences, for whoever may open those referrals.
    """
    return advised_in_words(asking_advice(concern, referrals))


def asking_advice(concern, referrals):
    """The calls in which they did."""
    parts = Involvement.objects.filter(Q(concern=concern) | Q(referral__in=referrals))
    concerns = parts.values("concern")
    return PoliceCall.objects.of_concerns(concerns).filter(advice_for__in=concerns, lifted_on=None).distinct()


def advised_in_words(calls):
    return [f"{FOR_ALL}: {call.advice}" for call in calls]


def _call_url(reading, each):
    """Where the call is recorded, while none is and one has to be."""
    waits = each.state in (P.NEEDED, P.REFUSED) and not each.was_called_about()
    return reverse("referrals:police_call", args=[reading.referral.reference]) if waits else ""


def _steps(reading, each):
    forward = FORWARD.get(each.state)
    found = []
    for step in STEPS.values():
        in_time, allowed, unmet = standing_of(each, step.code, reading.user)
        if not (in_time and allowed) or unmet or _answered_nothing(each, step):
            continue
        said = step.again if step.again and each.state in (P.DRAFTED, P.APPROVED) else step.words
        found.append(
            {
                "text": said.format(form=police_form()),
                "url": step_url(step.code, reading.referral, each),
                "first": step.code == forward,
            }
        )
    for code, said, waits in supplements.steps_of(each, reading.user):
        url = step_url(code, reading.referral, each)
        found.append({"text": said.format(form=police_form()), "url": url, "first": waits})
    return sorted(found, key=lambda step: not step["first"])


def _answered_nothing(each, step):
    """An answer needs a version that went out from here."""
    form = each.latest_form()
    return step.code == "police_answer" and (form is None or form.sent_on is None)


def read_with(versions, *querysets):
    """Reads what hangs on all of these versions, the addresses in them and what was done after a refusal, and the
    querysets beside them: one question."""
    after = RefusalStep.objects.filter(form__in=versions).select_related("by", "manager").order_by("number")
    addresses = ADDRESSES.filter(form__in=versions)
    fetch(after, addresses, *querysets)
    spread(after, versions, "refusal_steps")
    spread(addresses, versions, "addresses")


def _version(reading, each, form):
    adds_to = f", a supplement to version {form.supplement_to.number}" if form.supplement_to_id else ""
    return {
        "title": f"Version {form.number}{adds_to}",
        "rows": [row for row in version_rows(form) if row["value"]],
        "texts": [{"summary": label, "text": text} for label, text in texts_of(form)],
        "packs": packs_of(reading.referral, each, form, reading.user),
        "after": after_refusal(reading.referral, each, form, reading.user),
    }


def packs_of(referral, each, form, user):
    """The pack that is made of a version, as links: [{"text", "url"}]. Both say the same. One with a confidential
    address that is not the reader's to read is no link: its text says whom to ask."""
    if form.is_approved and not form.addresses_open_to(user):
        whom = dict.fromkeys(ask_for_address(row.child.person) for row in form.addresses.all())
        said = f"The pack of version {form.number} opens for who may read the address in it"
        return [{"text": f"{said}. {ask}.", "url": ""} for ask in whom]
    args = [referral.reference, each.reference, form.number]
    kept = (("police_pack", "PDF", form.document), ("police_pack_word", "Word", form.word_document))
    return [
        {
            "text": f"Download the pack, version {form.number} ({kind}, {max(1, document.size // 1024)} kB)",
            "url": reverse(f"referrals:{name}", args=args),
        }
        for name, kind, document in kept
        if document is not None
    ]


def confidential_addresses(children, user, last=None):
    """{"to_add": [(reference, name)] of the children whose confidential address `user` may put in a pack, "others":
    sentences about those whose address they may not read, "had": the references of those whose address the version
    `last` had}."""
    found = {"to_add": [], "others": [], "had": _have_address(last)}
    with_one = [
        child
        for child in children
        if child.person.address_confidential and (child.person.address or child.person.postcode)
    ]
    read_whose_addresses([child.person for child in with_one], user)
    for child in with_one:
        person = child.person
        if permissions.can_read_address(person, user):
            found["to_add"].append((child.reference, person.known_as))
        else:
            found["others"].append(f"{person.known_as}: the address is not in the pack. {ask_for_address(person)}.")
    return found


def _have_address(form):
    if form is None:
        return set()
    return {each.child.record.reference for each in addresses_in(form)}


def version_rows(form):
    """What became of one version, and the short answers in it."""
    rows = [
        ("Written by", f"{form.drafted_by.name}, {words.instant(form.drafted_at)}"),
        ("To", form.recipient),
        ("How soon", form.get_urgency_display()),
        ("Basis for sharing", form.get_basis_display()),
        ("Consent", form.consent),
        ("Interpreter", form.interpreter),
        ("Strategy discussion proposed for", words.day(form.discussion_on)),
        *_addresses(form),
        ("Returned", _by(form.returned_by, form.returned_at, form.return_reason)),
        ("Approved", _by(form.approved_by, form.approved_at)),
        ("Sent", _sent(form)),
        ("Acknowledged", _acknowledged(form)),
        ("Refused", _refused(form)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _addresses(form):
    """For whoever approves it, and reads it later: whose confidential address the pack has, and why."""
    for each in addresses_in(form):
        yield f"Confidential address of {each.child.person.known_as}", f"In the pack, because: {each.reason}"


def addresses_in(form):
    """The confidential addresses in a version, with whose they are; read once for each object."""
    prefetch_related_objects([form], Prefetch("addresses", ADDRESSES))
    return form.addresses.all()


def sent_back(each):
    """Why it is drafted anew, as sentences: what the police wrote who refused the last version that went out, and the
    manager who returned one since; empty where nobody sent it back."""
    return _sent_back(each.versions())


def supplement_sent_back(each):
    """The same of the supplements to the form that went out."""
    return _sent_back(each.versions(each.latest_form().pk))


def _sent_back(forms):
    said = []
    for form in reversed(forms):
        if form.refused_on:
            day = words.day(form.refused_on)
            return [f"Refused by {form.refused_by} on {day} because: {form.refusal}", *said]
        if form.returned_by and not said:
            said = [f"Returned by {form.returned_by.name} because: {form.return_reason}"]
    return said


def changed_since_decided(each, form):
    """{"title", "rows"} of what differs from the version on which somebody decided last: returned, approved or refused.

    None where this is the first that anybody decides on.
    """
    earlier = (other for other in reversed(each.versions(form.supplement_to_id)) if other.number < form.number)
    last = next((other for other in earlier if other.returned_at or other.approved_at), None)
    if last is None:
        return None
    return {
        "title": f"Changed since version {last.number}, by {last.drafted_by.name}, {words.instant(last.drafted_at)}",
        "rows": differences([*_answers(last), *_whose_address(last)], [*_answers(form), *_whose_address(form)]),
    }


def _answers(form):
    """Every answer of a version, as (the question, the answer)."""
    return [
        ("To", form.recipient),
        ("How soon", form.get_urgency_display()),
        ("What is known", form.known),
        ("What is asked", form.asked),
        ("Basis for sharing", form.get_basis_display()),
        ("Consent", form.consent),
        ("Risks to staff", form.risks_to_staff),
        ("Interpreter", form.interpreter),
        ("Strategy discussion proposed for", words.day(form.discussion_on)),
    ]


def _whose_address(form):
    """Whether, and why, the pack has a confidential address: put in and left out are changes too."""
    said = words.listed(f"{row.child.person.known_as}, because: {row.reason}" for row in addresses_in(form))
    return [("Confidential addresses in the pack", said or "None")]


def texts_of(form):
    """The long answers: (label, text)."""
    every = (("What is known", form.known), ("What is asked", form.asked), ("Risks to staff", form.risks_to_staff))
    return [(label, text) for label, text in every if text]


def _by(user, at, reason=""):
    if user is None:
        return ""
    return f"By {user.name}, {words.instant(at)}{f': {reason}' if reason else ''}"


def _sent(form):
    if form.sent_on is None:
        return ""
    return f"{at_or_on(form.sent_on, form.sent_at)} to {form.sent_to}, {form.sent_how}, by {form.sent_by.name}"


def _acknowledged(form):
    if form.acknowledged_on is None:
        return ""
    officer = f", {form.officer}" if form.officer else ""
    return f"{words.day(form.acknowledged_on)}, reference {form.police_reference}{officer}"


def _refused(form):
    if form.refused_on is None:
        return ""
    return f"{words.day(form.refused_on)} by {form.refused_by}: {form.refusal}"
