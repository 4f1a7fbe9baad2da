"""What one request has read of a referral, each thing once: the frame, the tabs and the doors share it."""

from functools import cache, cached_property, partial
from operator import attrgetter

from django.db.models import BigIntegerField, Exists, OuterRef, Q

from hsb.core import access, composed, door, fetched
from hsb.core.actions import task_key
from hsb.core.asked_once import marked
from hsb.core.composed import Given
from hsb.core.keys import IsOneOf, KeysOf
from hsb.core.models import AccessBar, Action, Entry, Task
from hsb.core.riding import announce
from hsb.core.rows_beside import ASKED, Beside, RowsBeside
from referrals.models import (
    CategoryDecision,
    DecisionRecord,
    Involvement,
    Marker,
    PaperTelling,
    PersonJoin,
    PersonLock,
    PlanLine,
    PoliceCall,
    PoliceNotification,
    PoliceReferral,
    Referral,
    Section47Report,
    ThresholdDecision,
)
from referrals.selectors import access_requests, emergencies, main_system
from referrals.selectors.advice import hiding_in, without_names
from referrals.states import (
    ASSESSMENTS_OF,
    IN_SERVICE,
    POLICE_UNRESOLVED,
    POLICE_WENT_OUT,
    SERVICE_STEPS,
    UNDECIDED,
    AssessmentState,
    InvolvementRole,
    InvolvementStatus,
    MeetingDecisionState,
    OfferState,
    Section47State,
    TransferState,
)

REFERRAL = Given("referral", BigIntegerField())
OPEN_MEETING = (MeetingDecisionState.REQUESTED, MeetingDecisionState.CONVENED)
# Relation of a referral -> whom its rows name, read with them, and their order.
RELATED = {
    "allocations": (("team", "from_team", "worker", "decided_by"), ("starts_on", "pk")),
    "offers": (("record", "to_team", "offered_by", "answered_by"), ("offered_at", "pk")),
    "borough_transfers": (("record", "offered_by", "recorded_by"), ("offered_at", "pk")),
    "assessments": (("started_by", "submitted_by", "decided_by", "brook_by", "brook_finding"), ("number",)),
    "meeting_decisions": (("requested_by", "decided_by"), ("requested_at", "pk")),
    "section_47s": (("opened_by", "concluded_by"), ("opened_at", "pk")),
    "protections": (("recorded_by", "followed_up_by"), ("recorded_at", "pk")),
    "involvements": (("concern", "concern__record", "concern__place"), ("concern.reported_on", "pk")),
}


def read_plans(referral):
    """Reads the plans of the referral, the first first, with the lines of each, in one statement; the guards find them
    on it."""
    plans = referral.plans.select_related("record", "agreed_by", "begun_by").order_by("number")
    lines = PlanLine.objects.filter(plan__referral=referral).select_related("owner")
    [lines] = fetched.fetch_related(referral, beside=[lines], plans=plans)
    for plan in referral.plans.all():
        plan.referral = referral
    fetched.spread(lines, referral.plans.all(), "lines")


def _concerns_of(referral):
    return Involvement.objects.filter(referral=referral).values("concern")


def _named(parts):
    """(reference, reported on) of the concerns of these parts, each once."""
    return list(dict.fromkeys((part.concern.reference, part.concern.reported_on) for part in parts))


def _beside(related):
    rows = Referral._meta.get_field(related).related_model.objects.filter(referral=OuterRef("pk"))
    return RowsBeside(rows, *RELATED[related])


# What the frame of every page of the case asks for comes with the referral; open tasks, the first due first.
BESIDE = Beside(
    {
        **{related: _beside(related) for related in RELATED},
        "tasks": RowsBeside(
            Task.objects.open().filter(record=OuterRef("pk")), ("owner", "team"), ("due_on", "opened_at", "pk")
        ),
        "section_47_reports": RowsBeside(
            Section47Report.objects.filter(section_47__referral=OuterRef("pk")), ("by",), ("recorded_at", "pk")
        ),
    }
)
# What may hang on a referral, most of it on few: asked for only where it is there (Reading.there_is).
HANGING = {
    "police_referrals": PoliceReferral.objects.filter(concern__involvements__referral=OuterRef("pk")),
    "police_calls": PoliceCall.objects.recorded_on(OuterRef("pk")),
    "police_notifications": PoliceNotification.objects.filter(
        Q(children=OuterRef("pk")) | Q(children__attached_to=OuterRef("pk"), children__record__restricted=False)
    ),
    "calls_elsewhere": PoliceCall.objects.filter(
        ~Q(referral=OuterRef("pk")), referral__involvements__concern__involvements__referral=OuterRef("pk")
    ),
    "other_episodes": Referral.objects.filter(~Q(pk=OuterRef("pk")), person=OuterRef("person")),
    "open_episode_beside": Referral.objects.open().filter(~Q(pk=OuterRef("pk")), person=OuterRef("person")),
    "undecided_beside": Involvement.objects.filter(
        ~Q(referral=OuterRef("pk")),
        concern__involvements__referral=OuterRef("pk"),
        referral__state__in=UNDECIDED,
    ),
    "decision_records": DecisionRecord.objects.filter(record=OuterRef("record")),
    "markers": Marker.objects.in_force().filter(person=OuterRef("person")),
    # Parts of which more than the allegation is recorded; and whether the child has different parts in two concerns.
    "settled_parts": Involvement.objects.filter(referral=OuterRef("pk")).exclude(status=InvolvementStatus.ALLEGED),
    "parts_both_ways": Involvement.objects.filter(
        Exists(
            Involvement.objects.filter(person=OuterRef("person"), role=InvolvementRole.DISPLAYED).exclude(
                concern=OuterRef("concern")
            )
        ),
        person=OuterRef("person"),
        role=InvolvementRole.HARMED,
    ),
    "bars": AccessBar.objects.filter(record=OuterRef("person"), lifted_at__isnull=True),
    "locks": PersonLock.objects.filter(Q(person=OuterRef("person")) | Q(other=OuterRef("person"))),
    "joins": PersonJoin.objects.filter(into=OuterRef("person"), parted_at__isnull=True),
    "returns": Entry.objects.filter(record=OuterRef("pk"), verb="return_to_worker"),
    "copies": Entry.objects.filter(record=OuterRef("pk"), verb=main_system.VERB),
}


def _recorded_anew(related, names, on):
    rows = Referral._meta.get_field(related).related_model.objects.filter(referral=OuterRef("pk"))
    return RowsBeside(rows, names, (on, "number"))


# The same of what only some pages ask: they say so (views.bases.InCase.beside).
ON_SOME_PAGES = {
    "aim_assessments": _recorded_anew("aim_assessments", ("assessor", "recorded_by", "report"), "completed_on"),
    "brook_findings": _recorded_anew("brook_findings", ("found_by", "recorded_by", "report"), "found_on"),
    "assessment_tellings": RowsBeside(
        PaperTelling.objects.filter(assessment__referral=OuterRef("pk")), ("by",), ("number",)
    ),
    "category_decisions": RowsBeside(
        CategoryDecision.objects.filter(referral=OuterRef("pk"), behaviour__isnull=True), ("by",), ("recorded_at", "pk")
    ),
    "threshold_decisions": RowsBeside(
        ThresholdDecision.objects.filter(referral=OuterRef("pk")), ("by",), ("recorded_at", "pk")
    ),
    "agreed": RowsBeside(
        Action.objects.open().filter(record=OuterRef("pk")), ("source", "owner"), ("source_id", "number")
    ),
}


@cache
def what_hangs_with(*names):
    """`what_hangs`, with the rows of these names of ON_SOME_PAGES: for `find`."""
    return lambda: what_hangs() | {f"{ASKED}{name}": ON_SOME_PAGES[name].column() for name in names}


@cache
def what_hangs():
    """{attribute: expression} of all that Reading asks of a referral in one question: the rows of BESIDE, and whether
    there is any of HANGING."""
    return BESIDE.columns() | {f"{ASKED}{name}": Exists(rows) for name, rows in HANGING.items()}


class Reading:
    """One referral as one reader sees it during one request. Nothing here is read under a lock."""

    def __init__(self, referral, user):
        self.referral, self.user = referral, user

    @classmethod
    def of(cls, referral, user):
        """The reading of this object by this user, made once: what one page asks twice is read once."""
        known = referral.__dict__.get("_reading")
        if known is None or known.user is not user:
            known = referral.__dict__["_reading"] = cls(referral, user)
        return known

    # --- Who the reader is -----------------------------------------------------------------------------------------
    def holds(self, task):
        """Whether an open task is this reader's: named, or asked of a role they hold in its team."""
        if task.owner_id:
            return task.owner_id == self.user.pk
        return task.team_id in self.user.teams_as(task.role)

    # --- What hangs on the referral --------------------------------------------------------------------------------
    @cached_property
    def tasks(self):
        """Open tasks, the first due first; the door's guards then find them on the record too (guards.is_asked)."""
        record = self.referral.record
        record.open_tasks = self._beside("tasks")
        for task in record.open_tasks:
            task.record = record
        return record.open_tasks

    @cached_property
    def agreed(self):
        """What the open tasks of agreed actions are about -> the Action; asked only where there is one."""
        if not any(task.kind == "action" for task in self.tasks):
            return {}
        return {task_key(action): action for action in self.on_some_pages("agreed")}

    @cached_property
    def service_step(self):
        """The open task of the service itself (its assessment, its plan's review), or None."""
        return next((task for task in self.tasks if task.kind in SERVICE_STEPS), None)

    @cached_property
    def help_assessment(self):
        """The open task of the Early Help assessment, or None."""
        return next((task for task in self.tasks if task.kind == "early_help_assessment"), None)

    @property
    def assesses(self):
        """Whether an assessment of the service that has the child has begun and is not completed."""
        kind = ASSESSMENTS_OF.get(self.referral.state)
        return any(task.kind == kind for task in self.tasks)

    @cached_property
    def _asked(self):
        """One question for what hangs on the referral: most of what may is not there.

        A page of the case has read it with the referral itself (views.bases.InCase).
        """
        columns = what_hangs()
        found = self.referral.__dict__
        if not found.keys() >= columns.keys():

            def row():
                return Referral.objects.filter(pk=REFERRAL).annotate(**columns).values(*columns)

            [found] = composed.kept("what hangs on a referral", row).rows(referral=self.referral.pk)
        return {name.removeprefix(ASKED): found[name] for name in columns}

    @property
    def there_is(self):
        """{key of HANGING: whether the referral has any}."""
        return self._asked

    @cached_property
    def concerns(self):
        """(reference, reported on) of its concerns, the latest first: whoever opens the referral may read them."""
        return _named(self._parts_of_the_latest_first)

    @property
    def _parts_of_the_latest_first(self):
        return sorted(self.parts, key=attrgetter("concern.reported_on", "concern_id", "pk"), reverse=True)

    @cached_property
    def parts(self):
        """The child's parts in the referral's concerns, in the order of the concerns."""
        return self._related("involvements")

    def on_some_pages(self, name):
        """The rows of a name of ON_SOME_PAGES: a page that says so has read them with the referral itself."""
        column, known = f"{ASKED}{name}", self.referral.__dict__
        if column not in known:

            def row():
                column_beside = {column: ON_SOME_PAGES[name].column()}
                return Referral.objects.filter(pk=REFERRAL).annotate(**column_beside).values(column)

            [found] = composed.kept(("beside a referral", name), row).rows(referral=self.referral.pk)
            known |= found
        return ON_SOME_PAGES[name].objects(known[column])

    def _beside(self, name):
        return BESIDE.rows[name].objects(self._asked[name])

    def _related(self, related):
        """The rows of a relation; the door's guards then find them on the referral too (models.Referral.known)."""
        found = self._beside(related)
        for each in found:
            marked(each).referral = self.referral
        fetched.keep(self.referral, related, found)
        return list(found)

    @cached_property
    def spells(self):
        """Who had the child when, the present spell last."""
        return self._related("allocations")

    @property
    def spell(self):
        """The present spell, or None: nobody has the child before a decision, or after the end."""
        if self.referral.is_undecided or self.referral.has_ended:
            return None
        return next((spell for spell in self.spells if spell.ends_on is None), None)

    @cached_property
    def offers(self):
        """Every request to another team, in the order they were made."""
        return self._related("offers")

    @property
    def offer(self):
        """The request to another team that waits for an answer, or None."""
        if self.referral.state not in IN_SERVICE:
            return None
        return next((offer for offer in self.offers if offer.state == OfferState.OFFERED), None)

    @cached_property
    def transfers(self):
        """Every offer of the child to another borough, in the order they were made."""
        return self._related("borough_transfers")

    @property
    def transfer(self):
        """The offer to another borough that waits for an answer, or None."""
        if self.referral.state not in IN_SERVICE:
            return None
        return next((each for each in self.transfers if each.state == TransferState.OFFERED), None)

    @cached_property
    def meeting_decisions(self):
        return self._related("meeting_decisions")

    @property
    def meeting_decision(self):
        """The request for a strategy meeting that is asked or to be convened, or None."""
        return next((m for m in self.meeting_decisions if m.state in OPEN_MEETING), None)

    @cached_property
    def decision_records(self):
        """{reference: what was weighed for the decisions about it, the first first}."""
        found = {}
        if self.there_is["decision_records"]:
            for each in DecisionRecord.objects.of_record(self.referral.record_id):
                found.setdefault(each.about, []).append(each)
        return found

    def weighed_for(self, noun):
        """The records of the decisions about an offer, a request or the referral itself."""
        return self.decision_records.get(noun.reference, ())

    @cached_property
    def police_decisions(self):
        """{key of a Form 87A: what was weighed by whoever decided that it is not sent}."""
        decided = [form.record_id for form in self.police_referrals if form.resolved_by_id]
        found = {}
        if decided:
            for each in DecisionRecord.objects.filter(record__in=decided).select_related("by").order_by("number"):
                found.setdefault(each.record_id, []).append(each)
        return found

    @property
    def plans(self):
        """Every plan, with its lines."""
        if self.referral.known("plans") is None:
            read_plans(self.referral)
        return self.referral.known("plans")

    @property
    def section_47(self):
        """The enquiry that is open, or None."""
        return next((each for each in self.section_47s if each.state == Section47State.OPEN), None)

    @cached_property
    def section_47s(self):
        """Every enquiry, with what was reported on it."""
        found = self._related("section_47s")
        fetched.spread(self._beside("section_47_reports"), found, "reports")
        return found

    @cached_property
    def police_referrals(self):
        """Every Form 87A of the referral's concerns."""
        if not self.there_is["police_referrals"]:
            return []
        announce(*self.asking_of_the_police())
        found = self._forms_kept().objects(referral=self.referral.pk)
        PoliceReferral.show_together(found, self.user)
        return found

    def _forms_kept(self):
        def rows():
            forms = PoliceReferral.objects.filter(concern__in=_concerns_of(REFERRAL)).read_by(self.user)
            return forms.select_related("record", "resolved_by", "concern__record").order_by("needed_since", "pk")

        return composed.kept(("police referrals", access.rights_today(self.user)), rows)

    def asking_of_the_police(self):
        """What a page of a case asks of the police (riding.py): its deeds depend on the forms and on the calls."""
        kept = [self._forms_kept] if self.there_is["police_referrals"] else []
        kept += [self._calls_kept] if self._there_are_calls else []
        return [of_them().asking(referral=self.referral.pk) for of_them in kept]

    @property
    def police_referrals_unresolved(self):
        return [form for form in self.police_referrals if form.state in POLICE_UNRESOLVED]

    @property
    def concerns_without_police_form(self):
        """(reference, reported on) of the concerns for which no Form 87A is in work and none went out."""
        taken = self._with_police_form()
        return _named(part for part in self._parts_of_the_latest_first if part.concern_id not in taken)

    @property
    def may_lack_police_form(self):
        """Whether one of its concerns has no Form 87A."""
        return bool(self.concerns_without_police_form)

    def _with_police_form(self):
        standing = (*POLICE_UNRESOLVED, *POLICE_WENT_OUT)
        return {form.concern_id for form in self.police_referrals if form.state in standing}

    @cached_property
    def protections(self):
        return self._related("protections")

    @property
    def protections_to_follow_up(self):
        return [protection for protection in self.protections if protection.followed_up_on is None]

    @cached_property
    def police_calls(self):
        """Every call to the police on this record, and about its concerns on other children's, in the order they were
        recorded. Each as PoliceCallQuerySet.read_by gives it."""
        if not self._there_are_calls:
            return []
        announce(*self.asking_of_the_police())
        found = self._calls_kept().objects(referral=self.referral.pk)
        return without_names(found, partial(hiding_in, self.user, self.referral.involvements.values("concern")))

    @property
    def _there_are_calls(self):
        return self.there_is["police_calls"] or self.there_is["calls_elsewhere"]

    def _calls_kept(self):
        def rows():
            its_concerns = _concerns_of(REFERRAL)
            its = PoliceCall.objects.recorded_on(REFERRAL), PoliceCall.objects.of_concerns(its_concerns)
            calls = PoliceCall.objects.filter(IsOneOf("pk", KeysOf([each.order_by() for each in its])))
            return calls.read_by(self.user, REFERRAL, its_concerns).order_by("recorded_at", "pk")

        return composed.kept(("police calls", access.rights_today(self.user)), rows)

    def calls_about(self, concern):
        """The calls about the concern (its key) of one of its Forms 87A, on any of its children's referrals: as
        PoliceCallQuerySet.read_by gives them for that concern alone."""
        return self._calls_by_concern[concern]

    @cached_property
    def calls_of_its_forms(self):
        """The calls about the concerns of its Forms 87A, as PoliceCallQuerySet.of_each_concern gives them."""
        # By their keys: asked for in the same breath, they are found only after every call of the borough.
        concerns = [form.concern_id for form in self.police_referrals] if self._there_are_calls else []
        if not concerns:
            return PoliceCall.objects.none()
        return PoliceCall.objects.of_each_concern(concerns, self.user, self.referral)

    @cached_property
    def _calls_by_concern(self):
        found = {form.concern_id: [] for form in self.police_referrals}
        for call in self.calls_of_its_forms:
            found[call.of_concern].append(call)
        # Each concern by itself: a name that may be said in another one is no reason to say it here.
        return {key: without_names(calls, partial(hiding_in, self.user, [key])) for key, calls in found.items()}

    @property
    def advice_that_stands(self):
        """The calls whose advice holds for every child, and was not lifted."""
        return [call for call in self.police_calls if call.stands]

    @cached_property
    def assessments(self):
        """Every version, the first first. Each hangs on this referral's record: not to be read again for each."""
        found = self._related("assessments")
        for version in found:
            version.record = self.referral.record
        return found

    @property
    def latest_assessment(self):
        return self.assessments[-1] if self.assessments else None

    @property
    def has_submitted_reassessment(self):
        if self.referral.is_undecided or self.referral.has_ended:
            return False
        latest = self.latest_assessment
        return latest is not None and latest.state == AssessmentState.SUBMITTED

    @cached_property
    def markers(self):
        """The child's markers that are in force, as far as the reader may open the child."""
        if not self.there_is["markers"]:
            return []
        return self._markers_kept().objects(person=self.referral.person_id)

    def asking_markers(self):
        """The Question of `markers` (riding.py); None where there are none."""
        return self._markers_kept().asking(person=self.referral.person_id) if self.there_is["markers"] else None

    def _markers_kept(self):
        def rows():
            found = Marker.objects.in_force().visible_to(self.user).filter(person=Given("person", BigIntegerField()))
            return found.select_related("agreed_by")

        return composed.kept(("markers", access.rights_today(self.user)), rows)

    @cached_property
    def bars(self):
        """Who may never open anything of this child."""
        if not self.there_is["bars"]:
            return []
        return list(
            AccessBar.objects.filter(record=self.referral.person_id, lifted_at__isnull=True).select_related(
                "user", "set_by"
            )
        )

    @cached_property
    def opening_to_review(self):
        """The opening in an emergency that waits for a manager's review, or None."""
        return emergencies.to_review(self)

    @cached_property
    def request_to_answer(self):
        """The request for access that waits for a manager's answer, or None."""
        return access_requests.to_answer(self)

    # --- The door --------------------------------------------------------------------------------------------------
    @cached_property
    def verbs_of_state(self):
        """The names of the verbs that the referral's present state has, whoever asks."""
        return {t.name for t in self.referral.get_available_state_transitions_whatever_the_guards()}

    @cached_property
    def doors(self):
        """Verb -> hsb.core.door.Door, of those this reader may use now."""
        # Guards and permissions ask for these: mostly there are none, and then nothing is asked for them.
        if not self.referral.has_ended:
            _ = self.protections, self.section_47s, self.meeting_decisions
        if not (self.referral.is_undecided or self.referral.has_ended):
            _ = self.spells, self.offers, self.transfers
        _ = self.assessments, self.tasks, self.parts
        self.referral.open_episode_beside = self.there_is["open_episode_beside"]
        self.referral.undecided_beside = self.there_is["undecided_beside"]
        return {found.verb: found for found in door.doors(self.referral, self.user)}
