"""The tab "Assessment": what is begun, how far it is, what was judged and by whom, and every earlier version."""

from django.urls import reverse

from hsb.core import words
from hsb.core.borough_words import police_form
from hsb.core.fetched import fetch
from hsb.core.timescales import timescale
from referrals import permissions
from referrals.selectors import aim, brook, deeds
from referrals.selectors.assessment_answers import said_by, sections_of
from referrals.selectors.assessment_pages import (
    ALL,
    CHECK,
    changes_of,
    is_in_work,
    missing,
    task_list,
    url_of,
    written_since_return,
)
from referrals.selectors.changed import since, submitted_before
from referrals.selectors.held_back import of_assessment, papers_held_back
from referrals.selectors.judgements import VIEW_HEAD, side_by_side, views_of
from referrals.selectors.questions import QUESTIONS
from referrals.selectors.reading import Reading
from referrals.states import IN_SERVICE, POLICE_CATEGORIES, AssessmentState, Category, Side, Tier, View

NAMES = {
    Side.DISPLAYED: "HSB risk assessment",
    Side.BOTH: "HSB risk assessment, with safety and support",
    Side.HARMED: "Safety and support",
    Side.NOT_YET_KNOWN: "Assessment",
}
ABOUT = {
    Side.DISPLAYED: (
        "Start with the one-page form: what happened, the Hackett category, the Brook colour, the threshold tier and "
        "your reasons. For category 0, and where it is not HSB, that page is all. From category 1 the full pages open: "
        "context, strengths, and who may be at risk."
    ),
    Side.BOTH: (
        "This child displayed the behaviour and was harmed. The category is about what they displayed; the safety "
        "and support pages are about what was done to them."
    ),
    Side.HARMED: (
        "Three short pages about the child who was harmed: how safe they are now, the support they need, and the "
        "threshold tier with your reasons."
    ),
}


def overview(referral, user):
    """The whole tab, as plain data."""
    versions = Reading.of(referral, user).assessments[::-1]
    latest = versions[0] if versions else None
    side = Side(referral.side)
    return {
        "name": NAMES[side],
        "about": ABOUT.get(side, ""),
        "role_unknown": side == Side.NOT_YET_KNOWN,
        "set_roles_url": deeds.url_of("set_roles", referral) if permissions.can_assess(referral, user) else "",
        "begin": _begin(referral, user, latest),
        "latest": _latest(latest, user) if latest else None,
        "judgements": _judgements(referral, latest),
        "views": views_of(Reading.of(referral, user)),
        "view_head": VIEW_HEAD,
        "earlier": _earlier(referral, versions[1:]),
        "earlier_head": ["Assessment", "Form", "State", "Judged then"],
        "note_url": _note_url(referral, user, latest),
        "aim": aim.section(referral, user),
        "brook": brook.section(referral, user),
    }


# --- Beginning ---


def _begin(referral, user, latest):
    """The one button that begins, for those who may use it now: words and URL, or None."""
    if referral.side == Side.NOT_YET_KNOWN:
        return None
    door = Reading.of(referral, user).doors.get("begin_assessment")
    if latest is None and door is not None and door.opens:
        return {"text": "Begin the assessment", "url": deeds.url_of("begin_assessment", referral), "look": ""}
    if referral.state not in IN_SERVICE or not permissions.can_assess(referral, user):
        return None
    if latest is not None and (is_in_work(latest) or latest.state == AssessmentState.SUBMITTED):
        return None
    return {
        "text": "Begin a reassessment" if latest else "Begin the assessment",
        "url": deeds.url_of("begin_reassessment", referral),
        "look": "secondary" if latest else "",
    }


def _note_url(referral, user, latest):
    """Where a behaviour that came to light after the approval is recorded (B17); "" where it does not apply."""
    decided = latest is not None and not is_in_work(latest) and latest.state != AssessmentState.SUBMITTED
    if not (decided and referral.has_category and referral.is_open and permissions.can_assess(referral, user)):
        return ""
    return deeds.url_of("note_behaviour", referral)


# --- The latest one ---


def _latest(assessment, user):
    in_work = is_in_work(assessment)
    may_write = in_work and permissions.can_write_assessment(assessment, user)
    tasks = _tasks(assessment, user, may_write) if in_work else []
    return {
        "title": f"Assessment {assessment.number}" if assessment.number > 1 else "",
        "state": state_in_words(assessment),
        "held_back": of_assessment(assessment, user),
        "in_work": in_work,
        "may_write": may_write,
        "stale": assessment.state == AssessmentState.STALE and not in_work,
        "returned": returned(assessment),
        "tasks": tasks,
        "continue_with": next((task for task in tasks if task["status"] != "Done"), None) if may_write else None,
        "check_url": url_of(assessment.referral, CHECK.key) if may_write else "",
        "missing": len(missing(assessment)) if in_work else 0,
        "sections": [] if may_write else sections_of(assessment),
    }


def _tasks(assessment, user, may_write):
    found = task_list(assessment, user)
    return found if may_write else [{**task, "url": ""} for task in found]


def state_in_words(assessment):
    """Where the assessment stands, by whom, since when."""
    state = AssessmentState(assessment.state)
    started = f"Begun by {assessment.started_by.name} on {words.instant(assessment.started_at)}"
    if state == AssessmentState.DRAFT:
        return f"{started}. Not yet submitted."
    submitted = f"Submitted by {assessment.submitted_by.name} on {words.instant(assessment.submitted_at)}"
    if state == AssessmentState.SUBMITTED:
        return f"{submitted}. It waits for a manager's decision."
    if assessment.decided_by_id is None:
        return f"{submitted}. {state.label}."
    decided = f"by {assessment.decided_by.name} on {words.instant(assessment.decided_at)}"
    if state == AssessmentState.STALE:
        return f"{submitted}. Approved {decided}; something has changed since."
    return f"{submitted}. {state.label} {decided}."


def returned(assessment):
    """The manager's reason, and what was changed since, for an assessment that was sent back; else None."""
    if not is_in_work(assessment) or not assessment.return_reason:
        return None
    return {
        "reason": assessment.return_reason,
        "by": assessment.decided_by.name if assessment.decided_by_id else "",
        "again": "",
        **changed_since_return(assessment),
    }


def changed_since_return(assessment):
    """{"changes": pages that were written since a manager returned it, "judgements": what is judged otherwise,
    "texts": each answer that differs, before and now; None where what was submitted then is not kept}."""
    submitted = submitted_before(assessment.reference, again=not is_in_work(assessment))
    entries, submitted, categories, tiers = fetch(written_since_return(assessment), submitted, *_last_views(assessment))
    return {
        "changes": [_change_in_words(change) for change in changes_of(entries)],
        "judgements": _judgements_changed(assessment, categories, tiers),
        "texts": since(submitted, said_by(assessment)),
    }


def _change_in_words(change):
    names = "; ".join(QUESTIONS[name] for name in change["names"] if name in QUESTIONS)
    title = ALL[change["part"]].title
    return f"{title}{f' ({names})' if names else ''}: {change['who']}, {change['at']}."


def _last_views(assessment):
    """Querysets of the worker's category and of their tier as they were submitted before: one row of each at most."""
    referral, given = assessment.referral, {"assessment": assessment, "view": View.WORKER}
    # Once it is sent again the last view is what stands, and the one before it was returned.
    before = 0 if is_in_work(assessment) else 1
    categories = referral.category_decisions.filter(behaviour__isnull=True, **given)
    tiers = referral.threshold_decisions.filter(**given)
    return [views.order_by("-recorded_at", "-pk")[before : before + 1] for views in (categories, tiers)]


def _judgements_changed(assessment, categories, tiers):
    """Category and tier as they were submitted before beside what they are now, where they differ."""
    found = []
    if assessment.referral.has_category:
        for was in categories:
            if assessment.category and was.category != assessment.category:
                found.append(f"{was.get_category_display()} was submitted; now {assessment.get_category_display()}.")
    for was in tiers:
        if assessment.tier and was.tier != assessment.tier:
            found.append(f"{was.get_tier_display()} was submitted; now {assessment.get_tier_display()}.")
    return found


# --- Judgements and versions ---


def _judgements(referral, latest):
    """What is in force; while an assessment is written, what it says so far. None where nothing is judged yet."""
    if latest is None:
        return None
    judging = is_in_work(latest) or latest.state == AssessmentState.SUBMITTED
    source = latest if judging and (latest.category or latest.tier) else referral
    category = source.category if referral.has_category else ""
    if not category and not source.tier:
        return None
    return side_by_side(
        referral,
        category=category,
        brook=source.brook,
        tier=source.tier,
        reason=latest.mismatch_reason,
    )


def _earlier(referral, versions):
    held = {row.assessment_id for row in papers_held_back(referral)} if versions else ()
    return [_version_row(version, version.pk in held) for version in versions]


def _version_row(assessment, held):
    judged = [Tier(assessment.tier).label] if assessment.tier else []
    if assessment.referral.has_category and assessment.category:
        judged.insert(0, Category(assessment.category).label)
    return [
        {
            "text": f"Assessment {assessment.number}",
            "url": reverse("referrals:assessment_version", args=[assessment.referral.reference, assessment.number]),
            "tags": [{"text": "Do not disclose yet", "meaning": "soon"}] if held else [],
        },
        assessment.get_kind_display(),
        state_in_words(assessment),
        "; ".join(judged) or "No judgement recorded",
    ]


# --- Submitting ---


def check_page(assessment):
    """Everything that was answered, with what is missing and what submitting leads to."""
    return {
        "sections": sections_of(assessment, change=True),
        "missing": missing(assessment),
        "judgements": _judgements(assessment.referral, assessment),
        "needs_police": _police_warning() if needs_police(assessment) else "",
        "returned": returned(assessment),
    }


def _police_warning():
    soon = timescale("police_referral").in_words
    return (
        f"Category 2 or 3: when you submit, {police_form()} to the police is needed, {soon}, with this "
        "assessment. It does not wait for the manager's decision."
    )


def needs_police(assessment):
    """Whether submitting makes Form 87A needed: category 2 and 3 (B3)."""
    return assessment.referral.has_category and assessment.category in POLICE_CATEGORIES


def what_happens_next(assessment):
    """Said once the assessment is submitted."""
    referral = assessment.referral
    team = referral.record.holding_team
    managers = f"A manager of {team.name}" if team else "A manager"
    if referral.is_undecided:
        said = (
            f"Submitted. {managers} decides next: to return it to you with a reason, or to approve it and choose who "
            "takes the child."
        )
    else:
        said = f"Submitted. {managers} decides on the reassessment next."
    if needs_police(assessment):
        said += f" {police_form()} to the police is needed today: it does not wait for that decision."
    return said
