"""A child's plans as their tab shows them, what they are tested by, and what may stand on a paper made of them."""

from itertools import chain

from django.db.models import Q
from django.urls import reverse

from hsb.core import clock, runs, words
from hsb.core.fetched import fetch, fetch_related, spread
from hsb.core.models import Entry
from referrals.models import (
    Behaviour,
    Involvement,
    Person,
    PlanDocument,
    PlanLine,
    PlanLineReview,
    PlanReview,
    Referral,
)
from referrals.permissions import can_agree_plan, can_plan, can_write_plan
from referrals.selectors import coming_of_age, consent, service_assessments
from referrals.selectors.changed import since_submitted
from referrals.selectors.reading import Reading, read_plans
from referrals.spelling import names_in
from referrals.states import (
    NEEDS_REFERRAL,
    PLAN_NEEDS,
    InvolvementStatus,
    LineState,
    OfferState,
    PlanKind,
    PlanPaper,
    PlanState,
)

LINE_COLUMNS = ("What should change or happen", "Who", "By when", "At the last review")
WRITTEN_COLUMNS = (*LINE_COLUMNS, "What can be done")
PAPER_COLUMNS = ("Paper", "To whom", "Made")
MEANINGS = {LineState.HAPPENED: "done", LineState.PARTLY: "soon", LineState.DID_NOT: "late"}


def kinds_to_begin(referral, standing=None):
    """The kinds of which a plan can be begun now: (code, words); `standing` are those of the plans that are open."""
    if referral.has_ended:
        return []
    standing = set(referral.plans.open().values_list("kind", flat=True)) if standing is None else standing
    return [
        (kind.value, kind.label)
        for kind in PlanKind
        if kind not in standing and PLAN_NEEDS.get(kind, referral.state) == referral.state
    ]


def plan_at(referral, number):
    """The plan of that number, or None. Its lines are read with it, and so are the referral's other plans: of every
    one that waits for a manager the frame asks who wrote it."""
    read_plans(referral)
    return next((plan for plan in referral.plans.all() if plan.number == number), None)


def plan_tab(referral, user):
    """All that the tab shows: {"plans", "begin_url", "dates", "at_18"}; as many questions however many plans."""
    related = service_assessments.COMPLETED.values(), ("agreements",), coming_of_age.DECIDED
    relations = {name: getattr(referral, name).all() for name in chain(*related)}
    relations |= {name: relations[name].select_related("by") for name in coming_of_age.DECIDED}
    relations["plans"] = referral.plans.select_related("agreed_by", "begun_by").order_by("-number")
    [answers] = fetch_related(referral, beside=[consent.asked_of([referral])], **relations)
    plans = referral.plans.all()
    for plan in plans:
        plan.referral = referral
    concerns = _read_what_hangs_on(plans, user) if plans else []
    begin = can_plan(referral, user) and bool(kinds_to_begin(referral, {plan.kind for plan in plans if plan.is_open}))
    return {
        "plans": [_plan(plan, user, concerns) for plan in sorted(plans, key=lambda plan: not plan.is_open)],
        "begin_url": reverse("referrals:begin_plan", args=[referral.reference]) if begin else "",
        "dates": [*service_dates(Reading.of(referral, user)), *_consent(referral, user, consent.in_order(answers))],
        "at_18": coming_of_age.section(referral, user),
    }


def _read_what_hangs_on(plans, user):
    """Reads the plans' lines, reviews and papers; returns the concerns about the child, as `_concerns` does."""
    of_plans = {"plan__in": [plan.pk for plan in plans]}
    lines, reviews, said, papers, parts = fetch(
        PlanLine.objects.filter(**of_plans).select_related("owner"),
        PlanReview.objects.filter(**of_plans).select_related("by").order_by("-number"),
        PlanLineReview.objects.filter(line__in=PlanLine.objects.filter(**of_plans)).select_related("line", "review"),
        PlanDocument.objects.filter(**of_plans).select_related("document__made_by", "document__record").order_by("-pk"),
        _asking_days(_read_by(user, plans[0].referral)),
    )
    spread(said, reviews, "lines")
    spread(sorted(said, key=lambda each: each.review.number, reverse=True), lines, "reviews")
    for rows, name in ((lines, "lines"), (reviews, "reviews"), (papers, "documents")):
        spread(rows, plans, name)
    return _days(parts)


def _plan(plan, user, concerns):
    standing = standing_lines(plan)
    writes = can_write_plan(plan, user) and not plan.referral.has_ended
    changes = writes and plan.state == PlanState.DRAFT
    return {
        "number": plan.number,
        "title": plan.get_kind_display(),
        "reference": plan.reference,
        "state": _stands(plan),
        "rows": _about(plan),
        "caption": f"Lines of {plan.reference}",
        "columns": WRITTEN_COLUMNS if changes else LINE_COLUMNS,
        "lines": [_line(line, plan, changes) for line in standing],
        "taken_out": [f"{line.what} ({line.taken_out_because})" for line in plan.lines.all() if line not in standing],
        "since": concerns_in_words(plan, concerns),
        "reviews": [_review(review) for review in plan.reviews.all()],
        "papers_caption": f"Papers made of {plan.reference}",
        "paper_columns": PAPER_COLUMNS,
        "papers": [_paper(each, plan) for each in plan.documents.all()],
        "links": _links(plan, user, writes, bool(standing)),
    }


def _stands(plan):
    """Where it stands; a plan that nobody ended before the referral did holds no more."""
    if plan.is_open and plan.referral.has_ended:
        return {"text": f"{plan.state_in_words}, when the referral ended", "meaning": "quiet"}
    return {"text": plan.state_in_words, "meaning": _meaning(plan)}


def standing_lines(plan):
    """The lines of a plan that a page has read, without those that were taken out."""
    return [line for line in plan.lines.all() if line.state != LineState.TAKEN_OUT]


def said_by(plan, lines=None):
    """What a plan says, as (the question, the answer): what a manager is asked to agree to. `lines` are those that
    stand, where they were read with it."""
    lines = plan.standing_lines().select_related("owner") if lines is None else lines
    return [
        ("What it is for", plan.purpose),
        ("Next review", words.day(plan.review_on) if plan.review_on else ""),
        *((f"Line {line.number}", f"{line.what} ({line.who}, by {words.day(line.due_on)})") for line in lines),
    ]


def changed_since_passed_on(plan):
    """{"title", "rows"} of what differs from what it said when it was passed to a manager before; else None."""
    return since_submitted(plan.reference, said_by(plan, standing_lines(plan)), again=plan.state == PlanState.SUBMITTED)


def asked_by_manager(plan):
    """What the manager who returned it asked, in a sentence; "" where nobody returned it since it was agreed."""
    if not plan.returned_because:
        return ""
    entry = (
        Entry.objects.filter(record=plan.record_id, verb="return_plan", facts__noun=plan.reference)
        .select_related("actor")
        .order_by("-number")
        .first()
    )
    by = f"{entry.actor.name} on {words.instant(entry.recorded_at)}" if entry and entry.actor else "a manager"
    return f"Returned by {by} because: {plan.returned_because}"


def _meaning(plan):
    if plan.state == PlanState.AGREED and plan.review_on and plan.review_on < clock.today():
        return "late"
    return {PlanState.AGREED: "open", PlanState.MET: "done", PlanState.ENDED: "quiet"}.get(plan.state, "soon")


def _about(plan):
    agreed = f"{plan.agreed_by.name}, {words.instant(plan.agreed_at)}" if plan.agreed_by_id else ""
    rows = [
        ("What it is for", plan.purpose),
        ("Holds since", words.day(plan.began_on)),
        ("Begun by", plan.begun_by.name),
        ("Agreed by", agreed or "No manager has agreed to it yet"),
        ("What the manager asks to change", plan.returned_because),
        ("Next review", _next_review(plan)),
        ("Over since", words.day(plan.ended_on) if plan.ended_on else ""),
        ("Why it ended", plan.ended_because),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _next_review(plan):
    if plan.review_on is None or plan.referral.has_ended:
        return ""
    return f"{words.day(plan.review_on)}, {words.due(plan.review_on)}"


def _line(line, plan, changes):
    last = next(iter(line.reviews.all()), None)
    runs = plan.is_open and not plan.referral.has_ended
    late = line.state == LineState.OPEN and runs and line.due_on < clock.today()
    cells = [
        {"text": line.what, "note": f"Line {line.number}"},
        {"text": line.who},
        {"text": words.day(line.due_on), "tags": [{"text": "Late", "meaning": "late"}] if late else []},
        {
            "text": last.said if last else "",
            "tags": [{"text": line.get_state_display(), "meaning": MEANINGS.get(line.state, "quiet")}],
        },
    ]
    if changes:
        url = reverse("referrals:take_out_plan_line", args=[plan.referral.reference, plan.number, line.number])
        cells.append({"text": "", "links": [{"text": f"Take out line {line.number}", "url": url}]})
    return cells


def _review(review):
    said = [f"Line {each.line.number}: {each.get_came_display().lower()}. {each.said}" for each in review.lines.all()]
    rows = [
        {"label": "Who took part", "value": review.took_part},
        {"label": "What the child says", "value": review.child_views},
        {"label": "What the parents say", "value": review.parents_views},
        {"label": "The lines", "values": said},
        {"label": "What becomes of the plan", "value": review.get_outcome_display()},
        {
            "label": "Next review",
            "value": words.day(review.next_review_on) if review.next_review_on else "None: the plan is met",
        },
        {
            "label": "Concerns since the plan began, by then",
            "value": words.count(review.concerns_since, "concern") if review.concerns_since else "None",
        },
        {"label": "Recorded by", "value": f"{review.by.name}, {words.instant(review.recorded_at)}"},
    ]
    return {"title": f"Review {review.number}, {words.day(review.held_on)}", "rows": rows}


def _paper(paper, plan):
    document = paper.document
    url = reverse("referrals:plan_paper", args=[plan.referral.reference, plan.number, document.number])
    return [
        {"text": PlanPaper(document.kind).label, "url": url, "note": document.reference},
        {"text": document.recipient},
        {"text": words.instant(document.made_at), "note": document.made_by.name},
    ]


def _links(plan, user, writes, has_lines):
    """What the reader can do with the plan now: [{"text", "url"}]."""
    found = []
    if writes and plan.state == PlanState.DRAFT:
        found.append(("add_plan_line", "Add a line"))
        if has_lines:
            found.append(("submit_plan", "Pass the plan to a manager"))
    if plan.state == PlanState.SUBMITTED and can_agree_plan(plan, user):
        found.append(("agree_plan", "Agree to the plan, or return it"))
    if writes and plan.state == PlanState.AGREED:
        found += [("review_plan", "Record a review"), ("make_plan_paper", "Make a paper for the family or the school")]
    if writes and plan.is_open:
        found.append(("end_plan", "End the plan without its being met"))
    return [
        {"text": text, "url": reverse(f"referrals:{name}", args=[plan.referral.reference, plan.number])}
        for name, text in found
    ]


# --- What tests a plan ------------------------------------------------------------------------------------------------


def _concerns(referral, user):
    """(reported on, happened on) of the concerns about the child, of every referral that `user` may open; each once."""
    return _days(_asking_days(_read_by(user, referral)))


def _read_by(user, referral):
    return _parts(referral).filter(referral__in=Referral.objects.visible_to(user))


def _parts(referral):
    """The child's parts that stand, in which something is said of the child: not what they only saw."""
    parts = Involvement.objects.filter(person=referral.person_id, role__in=NEEDS_REFERRAL)
    return parts.exclude(status=InvolvementStatus.UNFOUNDED)


def _asking_days(parts):
    found = parts.values_list("concern", "concern__reported_on", "concern__happened_on")
    return found.order_by("concern__reported_on", "concern")


def _days(found):
    """(reported on, happened on) of what `_asking_days` asks, of each concern once."""
    return [days for _, *days in dict.fromkeys(found)]


def _since(plan, concerns):
    """(counted, earlier): the concerns reported after the plan began, and those of them that happened before it."""
    after = [days for days in concerns if days[0] > plan.began_on]
    earlier = [days for days in after if days[1] is not None and days[1] < plan.began_on]
    return [days for days in after if days not in earlier], earlier


def concerns_counted(plan):
    """The concerns that count against the plan, as every reader of it may know: none of a restricted other record."""
    own = Q(referral=plan.referral_id) | Q(referral__record__restricted=False)
    return _since(plan, _days(_asking_days(_parts(plan.referral).filter(own))))[0]


def concerns_in_words(plan, concerns):
    """{"title", "days"} of the concerns about the child since the plan began."""
    counted, earlier = _since(plan, concerns)
    said = [
        f"Reported on {words.day(reported)}, {f'happened on {words.day(happened)}' if happened else 'day not known'}"
        for reported, happened in counted
    ]
    if earlier:
        days = words.listed([words.day(reported) for reported, _ in earlier])
        said.append(f"Not counted, because it happened before the plan: reported on {days}")
    count = words.count(len(counted), "concern") if counted else "No concern"
    return {"title": f"{count} about this child since the plan began", "days": said}


def concerns_since(plan, user):
    """The same for one plan, as `user` may read it."""
    return concerns_in_words(plan, _concerns(plan.referral, user))


# --- The dates of the service -----------------------------------------------------------------------------------------


def service_dates(reading):
    """Agreement, the services' assessments, section 47 and steps up and down, with their days: summary rows."""
    assessed = service_assessments.rows(reading.referral, reading.tasks)
    rows = chain(_agreement(reading.referral), assessed, _enquiries(reading.section_47s), _steps(reading.offers))
    return [row for row in rows if row["values"]]


def _agreement(referral):
    answers = [f"{answer}, {words.day(answer.given_on)}: {answer.given_by}" for answer in referral.agreements.all()]
    yield {"label": "Agreement to Early Help", "values": answers}


def _consent(referral, user, answers):
    said = consent.about_early_help(referral, user, answers)
    return [{"label": "Consent", "values": said}] if said else []


def _enquiries(section_47s):
    found = []
    for each in section_47s:
        found.append(f"Started {words.day(each.started_on)}, conference due {words.day(each.conference_due_on)}")
        found.append(
            f"{each.get_state_display()}, {words.day(each.concluded_on)}" if each.concluded_on else "Not concluded yet"
        )
    yield {"label": "Section 47 enquiry", "values": found}


def _steps(offers):
    accepted = sorted(
        (each for each in offers if each.state == OfferState.ACCEPTED), key=lambda each: (each.answered_at, each.pk)
    )
    said = [f"{each.get_kind_display()}, {words.day(each.answered_at)}: {each.to_team.name}" for each in accepted]
    yield {"label": "Steps up and down", "values": said}


# --- What may stand on a paper ----------------------------------------------------------------------------------------


def names_of_other_children(referral, text):
    """The words of a text that name another child: of the child's concerns, or of household and family."""
    child = referral.person
    concerns = Involvement.objects.filter(person=child).values("concern")
    near = (
        Q(involvements__concern__in=concerns)
        | Q(relationships__other=child, relationships__by_mistake=False)
        | Q(relationships_to__person=child, relationships_to__by_mistake=False)
    )
    others = Person.objects.filter(near, is_adult=False).exclude(pk=child.pk).distinct()
    return names_in(text, list(others), but=child)


def repeats_what_happened(referral, text):
    """Words that a text repeats of what was reported of the child, or of a behaviour that was described; or ""."""
    parts = Involvement.objects.filter(person=referral.person_id)
    reported = parts.values_list("concern__what_was_reported", flat=True)
    described = Behaviour.objects.filter(involvement__concern__in=parts.values("concern"))
    for written in chain(reported, described.values_list("description", flat=True)):
        if found := runs.shared(text, written):
            return found
    return ""
