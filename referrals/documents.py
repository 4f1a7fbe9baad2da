"""What goes in the pack for the police: the form, and the HSB risk assessment of each child it covers (B4).

On the pages of a child who was harmed nothing speaks of a category (B1). A confidential address is in no document, but
in the pack of a version to which its author added it for the recipient, with a reason (decision 25).
"""

from django.conf import settings

from hsb.core import access, clock, documents, words
from hsb.core.asked_once import marked, only_shown
from hsb.core.borough_words import police_form
from hsb.core.fetched import fetch_related
from hsb.core.states import PlaceKind
from referrals.models import CategoryDecision, RiskAssessment, ThresholdDecision
from referrals.selectors.assessment import NAMES, state_in_words
from referrals.selectors.assessment_answers import sections_of
from referrals.selectors.beside import at_or_on
from referrals.selectors.case import age_in_words
from referrals.selectors.described import what_is_described
from referrals.states import AssessmentState, Category, PlanPaper, Side

PACK = "police_pack.typ"
NOT_FOR_YOU = "Confidential: in the pack that goes out, and not yours to read"
DRAFT = "Draft - not approved, not to be sent"
SUBMITTED_ONCE = (AssessmentState.SUBMITTED, AssessmentState.APPROVED, AssessmentState.STALE)


def police_pack(police_referral, form, *, reader=None):
    """The whole pack, as plain data for templates/documents/police_pack.typ. To a `reader` who may not read a
    confidential address in it it only says that one stands there."""
    concern = police_referral.concern
    children = [marked(child) for child in police_referral.children()]
    calls, parts, in_force = police_referral.calls(), _parts_in(concern), _InForce(children)
    # Behaviours are kept where a page only shows: under the lock each child's are read when they are needed.
    behaviours = [what_is_described(child) for child in children if only_shown(child)]
    fetch_related(
        form,
        beside=(calls, parts, *in_force.asked, *behaviours),
        addresses=form.addresses.select_related("child__person"),
    )
    added = {each.child.person_id for each in form.addresses.all()}
    instead = "" if reader is None or form.addresses_open_to(reader) else NOT_FOR_YOU
    return {
        "form": _form_rows(police_referral, form),
        "contacts": _contacts(form),
        "asked": form.asked,
        "known": form.known,
        "concern": _concern_rows(concern, children),
        "calls": [_call_rows(call) for call in calls],
        "children": [
            {"name": child.person.known_as, "rows": _rows_of(child, parts, added, instead)} for child in children
        ],
        "others": _others(parts),
        "assessments": [_assessment(child, in_force) for child in children],
    }


def _parts_in(concern):
    """The parts of everybody in the concern, as they were recorded."""
    return concern.involvements.select_related("person__record").order_by("pk")


class _InForce:
    """Of some children the latest assessment that was submitted and what was decided since; `asked` is what is to be
    fetched before."""

    def __init__(self, children):
        of_them = {"referral__in": [child.pk for child in children]}
        people = ("started_by", "submitted_by", "decided_by", "brook_by")
        self.asked = (
            RiskAssessment.objects.filter(**of_them, state__in=SUBMITTED_ONCE, submitted_at__isnull=False)
            .select_related(*people)
            .order_by("number"),
            CategoryDecision.objects.filter(**of_them, behaviour__isnull=True).select_related("by"),
            ThresholdDecision.objects.filter(**of_them).select_related("by"),
        )

    def of(self, referral):
        """(assessment, decision on the category, on the threshold): the last of each, or None."""
        return tuple(
            next((row for row in reversed(rows) if row.referral_id == referral.pk), None) for rows in self.asked
        )


def as_blocks(data):
    """What stands in the pack, in the order of templates/documents/police_pack.typ, as hsb.core.word takes it."""
    blocks = [
        ("rows", data["form"]),
        ("heading", 2, "Whom to ask about it"),
        ("rows", data["contacts"]),
        ("heading", 2, "What is asked of the police"),
        ("text", data["asked"]),
        ("heading", 2, "What is known"),
        ("text", data["known"]),
        ("rows", data["concern"]),
        ("heading", 2, "Calls to the police"),
        *(("rows", call) for call in data["calls"]),
        ("heading", 2, "The children"),
    ]
    for child in data["children"]:
        blocks += [("heading", 3, child["name"]), ("rows", child["rows"])]
    if data["others"]:
        blocks.append(("heading", 2, "Others who are named"))
        blocks += [("point", ", ".join(filter(None, other))) for other in data["others"]]
    for assessment in data["assessments"]:
        blocks += [
            ("page",),
            ("heading", 2, f"{assessment['title']}: {assessment['name']}"),
            ("text", assessment["state"]),
        ]
        for section in assessment["sections"]:
            blocks.append(("heading", 3, section["title"]))
            for behaviour in section["behaviours"]:
                blocks += [
                    ("heading", 4, behaviour["heading"]),
                    ("rows", behaviour["rows"]),
                    ("text", behaviour["text"]),
                ]
            blocks.append(("rows", section["rows"]))
    return blocks


def title_of(form):
    """What a pack is called: what adds to a form that went out says so."""
    return f"{police_form()}: supplement" if form.supplement_to_id else police_form()


def preview(police_referral, form, user):
    """The pack of a version that is not approved, as a PDF that is kept nowhere: each page says so. A confidential
    address stands in it only for who may read it."""
    data = police_pack(police_referral, form, reader=user)
    return documents.framed(PACK, title=title_of(form), recipient=form.recipient, data=data, banner=DRAFT).pdf


def _form_rows(police_referral, form):
    rows = [
        ("Reference", f"{police_referral.reference}, version {form.number}"),
        ("Adds to", _added_to(form)),
        ("From", f"{settings.BOROUGH_NAME}, {form.referral.record.holding_team.name}"),
        ("Written by", f"{form.drafted_by.name}, {words.instant(form.drafted_at)}"),
        ("Approved by", f"{form.approved_by.name}, {words.instant(form.approved_at)}" if form.approved_by else ""),
        ("How soon", form.get_urgency_display()),
        ("Basis for sharing", form.get_basis_display()),
        ("Consent", form.consent),
        ("Risks to staff", form.risks_to_staff),
        ("Interpreter", form.interpreter),
        ("Strategy discussion proposed for", words.day(form.discussion_on) if form.discussion_on else ""),
    ]
    return said(rows)


def _added_to(form):
    """Of a supplement: which version went out before it, and under which reference the police have that."""
    if form.supplement_to_id is None:
        return ""
    before = form.supplement_to
    number = f", police reference {before.police_reference}" if before.police_reference else ""
    return f"Version {before.number}, sent {at_or_on(before.sent_on, before.sent_at)}{number}"


def _contacts(form):
    """Whom the police ask: who wrote it and who approved it, and how each is reached."""
    team = form.referral.record.holding_team
    people = {"Written by": form.drafted_by, "Approved by": form.approved_by}
    asked = {label: user for label, user in people.items() if user is not None}
    access.read_seats(asked.values(), clock.today())
    return [[label, _reached(user, team)] for label, user in asked.items()]


def _reached(user, team):
    """Name, role and team, with what is recorded of how they are reached; `team` is whom to ask if the user has none.

    Of several teams of the user's, the one that has the child.
    """
    seats = sorted(user.current_memberships(), key=lambda seat: seat.team_id != team.pk)
    role = user.job_title or (seats[0].get_role_display() if seats else "")
    mine = seats[0].team if seats else team
    own = [user.name, role, user.telephone and f"telephone {user.telephone}"]
    of_team = [mine.name, mine.telephone and f"telephone {mine.telephone}", mine.mailbox]
    return ". ".join(", ".join(filter(None, part)) for part in (own, of_team))


def _concern_rows(concern, children):
    private = concern.place_kind in (PlaceKind.HOME, PlaceKind.PLACEMENT)
    hidden = private and any(child.person.address_confidential for child in children)
    place = "" if concern.place is None or hidden else f", {concern.place.name}, {concern.place.postcode}".rstrip(", ")
    when = [words.day(concern.happened_on), concern.happened_in_words]
    source = concern.get_source_display()
    return said(
        [
            ("Reported on", words.day(concern.reported_on)),
            ("Reported by", f"{source}: {concern.reported_by}" if concern.reported_by else source),
            ("When it happened", ", ".join(part for part in when if part) or "Not known"),
            ("Where it happened", f"{concern.get_place_kind_display()}{place}"),
        ]
    )


def _call_rows(call):
    return said(
        [
            ("999 call" if call.emergency else "Call", at_or_on(call.called_on, call.called_at)),
            ("Spoke to", call.spoke_to),
            ("Police reference", call.police_reference),
            ("What was said", call.what_was_said),
            ("Advice of the police", call.advice),
        ]
    )


def _rows_of(child, parts, added, instead):
    if child.person_id not in added:
        return child_rows(child, parts)
    return child_rows(child, parts, confidential=instead or address_of(child.person))


def address_of(person):
    return ", ".join(part for part in (person.address, person.postcode) if part)


def child_rows(referral, parts, confidential="Confidential: ask the social worker"):
    """Who the child is, for the police. `parts` are everybody's in the concern; `confidential` stands in the place of a
    confidential address."""
    person = referral.person
    born = words.day(person.born_on) if person.born_on else "not known"
    return said(
        [
            ("Name", " ".join(part for part in (person.given_name, person.family_name) if part)),
            ("Known as", person.preferred_name),
            ("Part in it", in_words(part for part in parts if part.person_id == person.pk)),
            ("Date of birth", f"{born} ({age_in_words(person).lower()})"),
            ("Sex", person.get_sex_display()),
            ("School", person.school),
            ("Address", confidential if person.address_confidential else address_of(person)),
            ("Looked after", "Yes" if person.looked_after else ""),
            ("Our reference", referral.reference),
            ("Social worker", referral.worker.name if referral.worker else ""),
            ("Team", referral.record.holding_team.name if referral.record.holding_team else ""),
        ]
    )


def in_words(parts):
    """The parts that somebody has in a concern, and how sure each is: unfounded is said wherever it is shown (A7)."""
    return "; ".join(
        dict.fromkeys(f"{part.get_role_display()} ({part.get_status_display().lower()})" for part in parts)
    )


def _others(parts):
    """Everybody else in the concern: [name, part, relationship]. Of a restricted record whom to ask (B15): who may open
    the covered children may not open it for that."""
    found = {}
    for part in parts:
        if part.referral_id is None:
            found.setdefault(part.person_id, []).append(part)
    return [_other(theirs) for theirs in found.values()]


def _other(parts):
    if parts[0].person.record.restricted:
        return [f"Restricted record: contact {settings.DUTY_DESK}", in_words(parts), ""]
    return [parts[0].person.known_as, in_words(parts), parts[0].relationship]


def _assessment(referral, in_force):
    """The child's latest assessment that was submitted, in sections; or a sentence that says there is none yet."""
    side = Side(referral.side)
    latest, *decided = in_force.of(referral)
    found = {"name": referral.person.known_as, "title": NAMES[side], "state": "", "sections": []}
    if latest is None:
        return {**found, "state": "Not submitted yet: it will follow."}
    latest.referral = referral
    stands = {"title": "What is in force", "rows": _in_force(referral, latest, *decided), "behaviours": []}
    sections = [stands, *(_section(section) for section in sections_of(latest))]
    said_in = [each for each in sections if each["rows"] or each["behaviours"]]
    return {**found, "state": state_in_words(latest), "sections": said_in}


def _in_force(referral, latest, category, threshold):
    """What was decided otherwise than the assessment says, and by whom: that is what stands (decision 12)."""
    rows = []
    if referral.has_category and referral.category and referral.category != latest.category:
        rows.append(("Hackett category", f"{Category(referral.category).label}{_decided(category)}"))
    if referral.tier and referral.tier != latest.tier:
        rows.append(("Threshold", f"{referral.pathway().tier_words[referral.tier]}{_decided(threshold)}"))
    return said(rows)


def _decided(decision):
    if decision is None:
        return ""
    return f" ({decision.get_view_display().lower()}: {decision.by.name}, {words.day(decision.decided_on)})"


def _section(section):
    behaviours = [
        {"heading": each["heading"], "rows": plain(each["rows"]), "text": each["description"]}
        for each in section["behaviours"] or ()
    ]
    return {"title": section["title"], "rows": plain(section["rows"]), "behaviours": behaviours}


def plain(rows):
    """Summary list rows as pairs of label and text; what is empty is left out."""
    return said(
        (row["label"], "; ".join(map(str, row["values"])) if "values" in row else str(row.get("value") or ""))
        for row in rows
    )


def said(rows):
    """The pairs that say something."""
    return [[label, text] for label, text in rows if text]


# --- Of a plan: what a family and a school get ------------------------------------------------------------------------

PLAN_TEMPLATES = {PlanPaper.FAMILY: "plan_for_family.typ", PlanPaper.SCHOOL: "school_sheet.typ"}
PLAN_TITLES = {PlanPaper.FAMILY: "Our plan", PlanPaper.SCHOOL: "Safety sheet for the school"}


def plan_for_family(plan, contact):
    """The plan as the family reads it: what it is for, who does what by when, when we look at it again."""
    lines = plan.standing_lines().select_related("owner")
    return {
        "borough": settings.BOROUGH_NAME,
        "child": plan.referral.person.known_as,
        "purpose": plan.purpose,
        "lines": [[line.what, line.who, words.day(line.due_on)] for line in lines],
        "review": words.day(plan.review_on),
        "contact": contact,
    }


def school_sheet(plan, adults_do, contact):
    """What adults at the school do, and whom they call. Nothing of a behaviour, nor of the rest of the plan."""
    return {
        "borough": settings.BOROUGH_NAME,
        "child": plan.referral.person.known_as,
        "adults_do": adults_do,
        "review": words.day(plan.review_on),
        "contact": contact,
    }


def texts_of(data):
    """All that somebody wrote and a paper of a plan says."""
    lines = [text for line in data.get("lines", ()) for text in line[:2]]
    return [data.get("purpose", ""), *lines, data.get("adults_do", ""), data["contact"]]
