"""The short pages an assessment is made of: which a child's side asks for, and how far each one is.

What a page holds is in models.assessments.PAGES; its questions' words in selectors.questions.
"""

from dataclasses import dataclass

from django.db.models import Max, Subquery
from django.db.models.fields.json import KT
from django.urls import reverse

from hsb.core import drafts, words
from hsb.core.asked_once import asked_once
from hsb.core.fetched import fetch
from hsb.core.models import Draft, Entry
from referrals import guards
from referrals.models import CategoryDecision
from referrals.selectors.described import described
from referrals.states import AssessmentKind, AssessmentState, RiskGroup


@dataclass(frozen=True)
class PageOfAssessment:
    """`key` names the page in its URL; `parts` are the pages of models.assessments.PAGES that it saves."""

    key: str
    title: str
    about: str  # one sentence: what it asks
    parts: tuple = ()

    @property
    def saves(self):
        return self.parts or (self.key,)


BEHAVIOURS = "behaviours"
SHORT = PageOfAssessment(
    "short",
    "One-page form",
    "What happened, the category, the Brook colour, the tier and your reasons.",
    (BEHAVIOURS, "category", "brook", "threshold"),
)
CHECK = PageOfAssessment("check", "Check your answers and submit", "")
ALL = {
    page.key: page
    for page in (
        SHORT,
        PageOfAssessment(BEHAVIOURS, "Behaviours", "What happened, when and where, and a category for each."),
        PageOfAssessment("category", "Hackett category", "The indicators you saw, and the overall category."),
        PageOfAssessment("brook", "Brook Traffic Light Tool", "The colour a trained user found, or not used."),
        PageOfAssessment("threshold", "Threshold tier and reasons", "The tier, and your rationale."),
        PageOfAssessment("context", "Context", "Both children, each seen in their own right."),
        PageOfAssessment("strengths", "Strengths and views", "What protects, and what the child and family say."),
        PageOfAssessment("risk", "Who may be at risk", "Every group, one by one."),
        PageOfAssessment("safety", "Safety now", "How safe the child is today."),
        PageOfAssessment("support", "Support", "What the child and the family need and want."),
        CHECK,
    )
}
JUDGEMENTS = (BEHAVIOURS, "category", "brook", "threshold")
# With their fields.
FULL = {
    "context": ("context_displayed", "context_harmed", "age_and_power"),
    "strengths": ("protective_factors", "child_views", "family_views"),
    "risk": (*(f"risk_{group}" for group in RiskGroup.values), "risk_statement"),
}
SAFETY = ("safety", "support")
# Verbs that write on an assessment; those about a behaviour name no page.
BEHAVIOUR_VERBS = ("add_behaviour", "change_behaviour", "rate_behaviour")
WRITING_VERBS = ("save_page", *BEHAVIOUR_VERBS)


# --- Which pages ---


def may_save(referral, part):
    """Whether a child on this side has that part of models.assessments.PAGES: harmed never has a category (B1)."""
    if part in SAFETY:
        return referral.has_safety_page
    if part == "threshold":
        return referral.has_category or referral.has_safety_page
    return referral.has_category


def pages_of(assessment):
    """The pages this assessment asks for now, in their order, without the last one (CHECK).

    Empty while the child's role is not known. Category 0 and not HSB need one page; the full ones open at
    category 1 (B5).
    """
    referral, keys = assessment.referral, []
    if referral.has_category:
        keys += [SHORT.key] if takes_short_form(assessment) else JUDGEMENTS
        # Whatever was written on a full page stays in view, also when the category came down again.
        full = assessment.kind == AssessmentKind.FULL
        keys += [key for key in FULL if full or any(getattr(assessment, name) for name in FULL[key])]
    if referral.has_safety_page:
        keys += SAFETY if referral.has_category else (*SAFETY, "threshold")
    return [ALL[key] for key in keys]


def takes_short_form(assessment):
    """Whether one page is enough: no category from 1 on, and at most one behaviour, rated as the whole is."""
    if assessment.kind != AssessmentKind.SHORT:
        return False
    behaviours = behaviours_with_category(assessment)
    if len(behaviours) > 1 or settled(assessment):
        return False
    return all(category in ("", assessment.category) for _, category in behaviours)


def settled(assessment):
    """Keys of the behaviours that an earlier view rests on: rated anew, never reworded (A29)."""
    known = assessment.__dict__.get("_settled")
    if known is None:
        behaviours = [row.pk for row, _ in behaviours_with_category(assessment)]
        views = CategoryDecision.objects.filter(behaviour__in=behaviours).exclude(assessment=assessment)
        known = assessment.__dict__["_settled"] = set(views.values_list("behaviour", flat=True))
    return known


def behaviours_with_category(assessment):
    """[(Behaviour, the assessment's category for it or "")], in order; read once for each assessment object."""
    known = assessment.__dict__.get("_behaviours")
    if known is None:
        rows = described(assessment.referral)
        known = assessment.__dict__["_behaviours"] = [(row, row.rated.get(assessment.pk, "")) for row in rows]
    return known


def is_in_work(assessment):
    """Whether the assessment is written on now. One that went stale while a service works is superseded instead."""
    if assessment is None or not assessment.is_writable:
        return False
    return assessment.state != AssessmentState.STALE or assessment.referral.is_undecided


# --- How far each one is ---


@asked_once
def unmet_guards(assessment):
    """The guards that stand between the assessment and submitting it, in order."""
    transition = type(assessment).submit._django_fsm.get_transition(assessment.state)
    return [g for g in transition.conditions if not g.predicate(assessment)] if transition else []


def page_of_guard(guard, assessment):
    """Keys of the pages on which an unmet guard is answered, the first one first."""
    if guard is guards.context_is_given:
        halves = (("context", assessment.context_displayed), ("strengths", assessment.protective_factors))
    elif guard is guards.safety_page_is_complete:
        halves = (("safety", assessment.safety_now), ("support", assessment.support_needed))
    else:
        return (_PAGE_OF_GUARD[guard],)
    return tuple(key for key, text in halves if not text.strip())


_PAGE_OF_GUARD = {
    guards.category_is_chosen: "category",
    guards.behaviours_are_rated: BEHAVIOURS,
    guards.brook_is_answered: "brook",
    guards.tier_is_chosen: "threshold",
    guards.rationale_is_given: "threshold",
    guards.mismatch_is_explained: "threshold",
    guards.every_group_is_considered: "risk",
}


def missing(assessment):
    """What is missing before the assessment can be submitted: dicts of a sentence and the URL that answers it."""
    shown = {part: page.key for page in pages_of(assessment) for part in page.saves}
    found = []
    for guard in unmet_guards(assessment):
        parts = page_of_guard(guard, assessment)
        found.append(
            {
                "sentence": _sentence(guard, assessment),
                "url": url_of(assessment.referral, shown.get(parts[0], parts[0])),
            }
        )
    if not guards.role_is_known(assessment.referral):
        found.append({"sentence": guards.role_is_known.sentence, "url": ""})
    return found


def _sentence(guard, assessment):
    """What is missing, in words: where behaviours are described, which of them have no category yet."""
    listed = behaviours_with_category(assessment) if guard is guards.behaviours_are_rated else []
    unrated = [str(place) for place, (_, category) in enumerate(listed, start=1) if not category]
    if not unrated:
        return guard.sentence
    return f"Choose a category for {'behaviour' if len(unrated) == 1 else 'behaviours'} {words.listed(unrated)}."


def task_list(assessment, user):
    """The pages as components/task_list items. Links only for a reader who may write; drafts are the reader's own."""
    pages = pages_of(assessment)
    entries, mine = fetch(_last_writings(assessment), _drafts(assessment, pages, user))
    saves = _saves(entries)
    lacking = {key for guard in unmet_guards(assessment) for key in page_of_guard(guard, assessment)}
    unsaved = {key for key in (page.key for page in pages) if url_of(assessment.referral, key) in mine}
    return [
        {
            "text": page.title,
            "url": url_of(assessment.referral, page.key),
            "hint": _hint(page, saves, page.key in unsaved),
            **_status(page, saves, lacking, assessment),
        }
        for page in pages
    ]


def _status(page, saves, lacking, assessment):
    begun = any(part in saves for part in page.saves)
    if not begun:
        again = assessment.number > 1 and page.key not in (SHORT.key, *JUDGEMENTS)
        return {"status": "To look at again" if again else "Not started", "meaning": "open"}
    if any(part in lacking for part in page.saves):
        return {"status": "Needs you", "meaning": "soon"}
    return {"status": "Done", "meaning": ""}


def _hint(page, saves, unsaved):
    latest = max((saves[part] for part in page.saves if part in saves), key=lambda s: s["number"], default=None)
    said = f"Last saved by {latest['who']} on {latest['at']}." if latest else page.about
    return f"{said} You typed something here that is not saved yet." if unsaved else said


def _drafts(assessment, pages, user):
    """A queryset of the addresses of these pages on which `user` has something unsaved."""
    paths = [url_of(assessment.referral, page.key) for page in pages]
    return Draft.objects.filter(user=user, form=drafts.PAGE, key__in=paths).values_list("key", flat=True)


def _last_writings(assessment):
    """A queryset of the last entry of each part of the assessment."""
    of_parts = _writings(assessment).order_by().annotate(part=KT("facts__page"))
    newest = of_parts.values("part").annotate(last=Max("number")).values("last")
    return Entry.objects.filter(record=assessment.record_id, number__in=newest).select_related("actor")


def _saves(entries):
    """Part of the assessment -> who saved it last and when, in words, and the entry's number."""
    return {
        row.facts.get("page") or BEHAVIOURS: {
            "who": row.actor.name if row.actor else "the service",
            "at": words.instant(row.recorded_at),
            "number": row.number,
        }
        for row in entries
    }


def _writings(assessment):
    return Entry.objects.filter(record=assessment.record_id, verb__in=WRITING_VERBS, facts__noun=assessment.reference)


def saved_since(assessment, part, version):
    """Whether somebody saved this part after the version of the assessment a form was opened on.

    Saving another page moves the assessment's version too: that alone is no reason to refuse what somebody typed.
    """
    if int(version) >= assessment.version:
        return int(version) > assessment.version
    return _writings(assessment).filter(facts__page=part, facts__version__gt=int(version)).exists()


def written_since_return(assessment):
    """A queryset of the entries on this assessment since a manager sent it back, the newest first."""
    back = Entry.objects.filter(
        record=assessment.record_id,
        verb__in=("return_to_worker", "go_stale"),
        facts__noun=assessment.reference,
    )
    last = back.order_by("-number").values("number")[:1]
    return _writings(assessment).filter(number__gt=Subquery(last)).select_related("actor").order_by("-number")


def changes_of(entries):
    """What these entries changed: [{part, names of fields, who, at}], the newest first."""
    found = {}
    for entry in entries:
        part = entry.facts.get("page", BEHAVIOURS)
        names = entry.facts.get("changed", [])
        if entry.verb == "save_page" and not names:
            continue
        who = entry.actor.name if entry.actor else "the service"
        row = found.setdefault(part, {"part": part, "names": [], "who": who, "at": words.instant(entry.recorded_at)})
        row["names"] += [name for name in names if name not in row["names"]]
    return list(found.values())


# --- Where ---


def url_of(referral, key=""):
    """The URL of one page; of the tab where no key is given."""
    if not key:
        return reverse("referrals:assessment", args=[referral.reference])
    return reverse("referrals:assessment_page", args=[referral.reference, key])


def url_after(assessment, key):
    """Where "Save and continue" leads: the next page, or the last one where all is answered."""
    keys = [page.key for page in pages_of(assessment)]
    if key == SHORT.key and key not in keys:  # the full pages have opened
        key = "threshold"
    following = keys[keys.index(key) + 1 :] if key in keys else keys
    return url_of(assessment.referral, following[0] if following else CHECK.key)
