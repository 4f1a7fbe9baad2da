"""The overview tab: everything in force about one child, said in words, long text folded."""

from django.urls import reverse
from django.utils.text import Truncator

from hsb.core import access, words, work
from hsb.core.borough_words import police_form
from hsb.core.fetched import fetch
from hsb.core.models import AccessGrant
from hsb.core.states import RecordKind
from referrals import permissions
from referrals.models import Referral
from referrals.selectors import beside, deeds, flowchart, main_system, markers, patterns, police
from referrals.selectors.following import page_of, returned, task_in_words
from referrals.selectors.involved import status_in_words
from referrals.selectors.judgements import beside_reason, weighed
from referrals.selectors.reading import Reading
from referrals.selectors.since import asking_looks, since_last_looked
from referrals.states import Brook, Category, InvolvementStatus, Side, Tier, View

LONGEST_ACTION = 200  # characters of what was agreed; its own page has all of it
DECIDED = {
    View.WORKER: "the worker's view by",
    View.MANAGER: "decided by",
    View.MEETING: "agreed at the strategy meeting, recorded by",
    View.REVIEW: "agreed at the review, recorded by",
}
AGREED_BY = {
    RecordKind.MEETING: "the strategy meeting",
    RecordKind.MAPPING: "the mapping meeting",
    RecordKind.PANEL: "the panel",
}


def overview(referral, user):
    """What the overview shows beside the frame: plain data, in a constant number of queries."""
    reading = Reading.of(referral, user)
    place = flowchart.place_on_chart(referral) if referral.has_category else None
    looks, grants = fetch(asking_looks(referral, user), access.asking_why(user, referral.record))
    return {
        "since": since_last_looked(referral, user, looks),
        "say_url": reverse("referrals:say", args=[referral.reference]),
        "main_system": _main_system(reading),
        "returned": returned(reading.latest_assessment),
        "reported": _reported(reading),
        "both_ways": _both_ways(reading),
        "rate_again": patterns.rate_again_note(referral, reading.tasks),
        "summary": _summary(reading),
        "route": route_in_words(reading),
        "place": place,
        "routes": _routes(referral) if place is None else None,
        "weighed": [
            *weighed([each for each in (reading.category, reading.threshold) if each is not None]),
            # A step up at once, and closing: each is of the referral itself.
            *beside_reason(reading.weighed_for(referral)),
        ],
        "chart": flowchart.chart(place=place) if place else None,
        "task_head": ["What", "Whose", "By when"],
        "tasks": [_task_row(reading, task) for task in reading.tasks if task.kind not in work.PERSONAL],
        "markers": [markers.note(marker) for marker in reading.markers],
        "protections": [beside.protection_note(p) for p in reading.protections],
        "police_calls": beside.police_call_notes(reading.police_calls, referral),
        "police_advice": beside.advice_for_all(reading.police_calls),
        "police_name": police_form(),
        "police_referrals": [police.note(form, reading) for form in reading.police_referrals],
        "meetings": [beside.meeting_note(each, reading.weighed_for(each)) for each in reading.meeting_decisions],
        "section_47s": [beside.section_47_note(enquiry) for enquiry in reversed(reading.section_47s)],
        "offers": [beside.offer_note(each, reading.weighed_for(each)) for each in reading.offers],
        "transfers": [beside.transfer_note(each, reading.weighed_for(each)) for each in reading.transfers],
        "spell_head": ["Team and worker", "From and until", "Decided by", "Why it ended"],
        "spells": [_spell_row(spell) for spell in reading.spells],
        "episodes": _episodes(referral, user) if reading.there_is["other_episodes"] else [],
        "readers": _readers(reading),
        "why": [_why(reason) for reason in access.why(user, referral.record, grants)],
    }


def _main_system(reading):
    """When the neutral summary was recorded in the main system, and where whoever works with the case copies it."""
    referral, may = reading.referral, permissions.can_copy_summary(reading.referral, reading.user)
    said = main_system.copied(referral) if reading.there_is["copies"] else {}
    may = may and main_system.copies_are_due(referral)
    return said | {"url": deeds.url_of(main_system.VERB, referral) if may else ""}


def _reported(reading):
    """Links to the referral's concerns, the latest first."""
    return [
        {
            "text": f"read the concern of {words.day(reported_on)}",
            "url": reverse("referrals:concern", args=[reference]),
        }
        for reference, reported_on in reading.concerns
    ]


def _readers(reading):
    """Who is named on a restricted record, and who is barred from the child's, for those who may change that."""
    referral = reading.referral
    if not permissions.can_restrict(referral, reading.user):
        return []
    found = []
    if referral.record.restricted:
        named = AccessGrant.objects.filter(access.live(), record=referral.record_id, user__is_active=True)
        named = named.exclude(user__in=[bar.user_id for bar in reading.bars])
        names = named.order_by("user__name").values_list("user__name", flat=True).distinct()
        found.append({"label": "Restricted to", "values": list(names)})
    if reading.bars:
        found.append({"label": "Barred", "values": [bar.user.name for bar in reading.bars]})
    return found


# --- What is in force ----------------------------------------------------


def _summary(reading):
    referral = reading.referral
    rows = [
        {"label": "Part in it", "value": Side(referral.side).label},
        {"label": "Status of the allegation", "values": how_sure(reading)},
    ]
    reading.category = None
    # Where nothing is in force nobody has decided anything, and nothing is read.
    if referral.has_category:
        latest = reading.category = _latest(reading, "category_decisions") if referral.category else None
        rows.append(
            {
                "label": "Hackett category",
                "values": _judgement(Category(referral.category).label if referral.category else "", latest),
                "empty": "No category yet",
            }
        )
        rows.append(
            {
                "label": "Brook",
                "value": Brook(referral.brook).label if referral.brook else "",
                "empty": "Not recorded yet",
            }
        )
    threshold = _latest(reading, "threshold_decisions") if referral.tier else None
    rows.append(
        {
            "label": "Threshold",
            "values": _judgement(Tier(referral.tier).label if referral.tier else "", threshold),
            "empty": "No tier yet",
        }
    )
    reading.threshold = threshold
    rows.append({"label": "Who has it", "values": _who_has_it(reading)})
    if referral.csc_referral_on:
        rows.append({"label": "Referred to children's social care", "value": words.day(referral.csc_referral_on)})
    rows.append(
        {
            "label": "Received",
            "value": f"{words.instant(referral.received_at)}, logged by {referral.author.name}, "
            f"{referral.authors_team.name}",
        }
    )
    return rows


def _latest(reading, decisions):
    return next(reversed(reading.on_some_pages(decisions)), None)


def how_sure(reading):
    """How sure the child's parts in the referral's concerns are; a line for each where any is more than alleged."""
    if not reading.there_is["settled_parts"]:
        return [InvolvementStatus.ALLEGED.label] if reading.concerns else []
    return [
        f"{part.get_role_display()}, reported on {words.day(part.concern.reported_on)}: "
        f"{words.listed(map(words.lower_first, status_in_words(part)))}"
        for part in reading.parts
    ]


def _both_ways(reading):
    note = patterns.both_ways_note(reading)
    if note is None:
        return None
    for part in note["parts"]:
        part["url"] = reverse("referrals:concern", args=[part["reference"]])
    return note | {"url": _url_of_open_deed(reading, "read_both")}


def _url_of_open_deed(reading, code):
    return deeds.url_of(code, reading.referral) if deeds.standing(reading, code).opens else ""


def _judgement(label, decision):
    if not label:
        return []
    if decision is None:
        return [label]
    whose = {
        View.WORKER: "Worker's view",
        View.MANAGER: "Manager's view",
        View.MEETING: "Agreed at the strategy meeting",
        View.REVIEW: "Agreed at the review",
    }[decision.view]
    said = [label, f"{whose}: {decision.by.name}, {words.day(decision.decided_on)}"]
    if getattr(decision, "below_default", False):
        said.append(f"Below the pathway's default, because: {decision.reason}")
    return said


def _who_has_it(reading):
    referral, spell = reading.referral, reading.spell
    team = referral.record.holding_team
    if spell is None:
        held = "Was with" if referral.has_ended else "Held by"
        return [f"{held} {team.name}" if team else "No team"]
    worker = f"{spell.worker.name}, {spell.team.name}" if spell.worker else f"{spell.team.name}: no worker named yet"
    started = (
        f"Work started on {words.day(spell.work_started_on)}" if spell.work_started_on else "Work has not started yet"
    )
    return [worker, f"Since {words.day(spell.starts_on)}, decided by {spell.decided_by.name}", started]


def route_in_words(reading):
    """Why here: the rule of the pathway that routed the child and its version, whether the child is where that rule
    leads by default, above or below it and by whose decision, and the days. From what was decided; nothing is kept.
    """
    referral = reading.referral
    version = f"pathway {referral.pathway_version}"
    if not referral.tier:
        if referral.is_undecided:
            return [
                "No category and no tier yet. It stays where it is until a manager decides who takes the child. "
                f"It began on {words.day(referral.received_at)}, on {version}."
            ]
        return [f"It ended before a category or a tier was decided. It began on {version}."]
    expected = referral.expected_response()
    rule = Category(referral.category).label if referral.category else Tier(referral.tier).label
    decision = getattr(reading, "category", None) or getattr(reading, "threshold", None)
    whose = f", {_by_whom(decision)}" if decision else ""
    said = [
        f"{rule} leads to: {expected.service_words} ({version}, in force from "
        f"{words.day(referral.pathway().from_on)}){whose}. {_how_it_stands(referral, expected, reading)}".rstrip()
    ]
    if reading.spell and reading.spell.reason:
        said.append(f"Reason for the allocation: {reading.spell.reason}")
    return said


def _routes(referral):
    """The pathway of a child without a category: each tier, what follows, and where this child is."""
    version = referral.pathway()
    return {
        "caption": f"The pathway's tiers, {version.version}",
        "head": ["Tier", "What follows", "This child"],
        "rows": [
            [version.tier_words[tier], response.service_words, "This child is here" if referral.tier == tier else ""]
            for tier, response in version.routes.items()
        ],
    }


def _by_whom(decision):
    return f"{DECIDED[View(decision.view)]} {decision.by.name} on {words.day(decision.decided_on)}"


def _how_it_stands(referral, expected, reading):
    """By default, above or below it: of the latest decision on the tier."""
    latest = getattr(reading, "threshold", None)
    if latest is None:
        return ""
    tier = Tier(referral.tier).label
    # The whole of it stands with every view on the assessment's tab.
    reason = Truncator(latest.reason).chars(LONGEST_ACTION)
    named = f"{latest.by.name}, {words.day(latest.decided_on)}: {reason}" if reason else _by_whom(latest)
    if latest.below_default:
        return f"{tier} and the service were decided below that default by {named}"
    if not referral.category or referral.tier == expected.tier:
        return f"{tier} is the pathway's default." if referral.category else ""
    # A category that was agreed later can leave an older tier behind: nobody decided to go below.
    where = "above" if referral.tier > expected.tier else "still below"
    return f"{tier} is {where} that default, {Tier(expected.tier).label}: {named}"


def done_by(action):
    """Who does it: the worker whose task it is may only have to hear that it was done."""
    return f"to be done by {action.who} ({action.agency})"


def _task_row(reading, task):
    """What, whose, by when; a link to where it is done for whoever can do it now."""
    said = task_in_words(task)
    due = {"text": said["when"], "note": said["due_on"]}
    if said["late"]:
        due["tags"] = [{"text": "Late", "meaning": "late"}]
    what = {"text": said["text"], "url": page_of(reading, task)}
    if (action := reading.agreed.get(task.about)) is not None and task.kind == "action":
        by = AGREED_BY.get(action.source.kind, "a meeting")
        what |= {"text": Truncator(action.what).chars(LONGEST_ACTION), "note": f"Agreed by {by}, {done_by(action)}"}
    return [what, said["who"], due]


def _spell_row(spell):
    until = words.day(spell.ends_on) if spell.ends_on else "now"
    return [
        {"text": spell.team.name, "note": spell.worker.name if spell.worker else "No worker named"},
        {
            "text": f"{words.day(spell.starts_on)} to {until}",
            "note": f"Work started {words.day(spell.work_started_on)}" if spell.work_started_on else "",
        },
        {"text": spell.decided_by.name, "note": spell.reason},
        spell.end_reason or ("" if spell.ends_on else "Has the child now"),
    ]


# --- Other episodes, and why the reader sees this one ----------------------------------------------------


def _episodes(referral, user):
    """The child's other episodes that this reader may open, the latest first; others are not told of."""
    others = (
        Referral.objects.visible_to(user)
        .filter(person=referral.person_id)
        .exclude(pk=referral.pk)
        .select_related("record")
        .order_by("-received_at")[:20]
    )
    return [
        {
            "text": f"{other.reference}: {other.get_state_display().lower()}, received {words.day(other.received_at)}",
            "url": deeds.url_of("case", other),
            "words": _how_it_hangs_together(referral, other),
        }
        for other in others
    ]


def _how_it_hangs_together(referral, other):
    if referral.previous_id == other.pk:
        return "The episode before this one"
    if other.previous_id == referral.pk:
        return "The episode after this one"
    if referral.attached_to_id == other.pk:
        return "This referral was attached to it"
    if other.attached_to_id == referral.pk:
        return "Attached to this referral"
    return "Another referral of this child"


def _why(reason):
    until = f", until {words.instant(reason.until)}" if reason.until else ""
    return f"{reason.words[0].upper()}{reason.words[1:]}{until}."
