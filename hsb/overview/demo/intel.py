"""Intel forms of the demo borough, in every state; one place and one group run through three cases."""

import uuid
from datetime import datetime, time

from django.utils import timezone

from hsb.core import clock
from hsb.core.calendar import add_working_days
from hsb.core.states import PlaceKind
from panels.services import sifting
from panels.services.sifting import Decider
from panels.states import Proposal
from referrals.models import Referral
from referrals.states import ReferralState
from strategy_meetings.services import intel
from strategy_meetings.states import Criterion, EntryKind, Reliability, ThemeKind

GROUP = "The bandstand group"
# What becomes of the others: the coordinator's answers in turn, and what is said.
ANSWERED = {
    "returned": (("return_with_advice", "Say which evenings it is, and who has spoken with the park's wardens."),),
    "deferred": (("defer", "Until the section 47 enquiry has ended: look again next month."),),
    "not_for_panel": (("decline", "One family, and a plan that holds: the strategy meeting goes on with it."),),
    "accepted": (("accept", "It is for the next panel."),),
}


class IntelStory:
    """One form, written by `writer` at the moments it is told."""

    def __init__(self, borough, writer, moment):
        self.borough, self.writer, self.moment = borough, writer, moment

    def _do(self, service, *args, **kwargs):
        with clock.moved_to(min(self.moment, clock.now())):
            return service(*args, **kwargs)

    def _once(self):
        return uuid.UUID(int=self.borough.dice.getrandbits(128), version=4)

    def begin(self, service, reference, **what):
        self.form = self._do(service, reference, actor=self.writer, once=self._once(), **what)
        return self

    def write(self, *criteria):
        answers = {
            "criteria": [str(each) for each in criteria],
            "why": "What happened there comes up in more than one case, and no single plan reaches it.",
            "tried": "A safety plan at school, talks with both families, and an adult who walks the children home.",
            "asked": "A look at the place in the evenings, and whether others know the group.",
        }
        self._do(intel.write, self.form.reference, actor=self.writer, answers=answers)
        return self

    def add(self):
        """A group, a person whom nobody can name, for the police only."""
        said = {"said_on": timezone.localdate(self.moment), "reliability": Reliability.LIKELY}
        self._do(
            intel.add_theme,
            self.form.reference,
            actor=self.writer,
            once=self._once(),
            theme_kind=ThemeKind.GROUP,
            name=GROUP,
            text="Children of two schools meet there after six; some are older.",
            said_by="The park's wardens",
            **said,
        )
        described = intel.Entry(
            kind=EntryKind.PERSON,
            described="An adult with a grey bicycle",
            text="Was seen there twice, talking to children on their way home.",
            said_by="The allocated officer",
            police_only=True,
            **said,
        )
        self._do(intel.add_entry, self.form.reference, actor=self.writer, once=self._once(), entry=described)
        return self

    def locate(self):
        self._do(
            intel.add_location,
            self.form.reference,
            actor=self.writer,
            once=self._once(),
            place_kind=PlaceKind.PARK,
            name="The library steps",
            text="A second place where the same children meet.",
            said_by="A youth worker",
            reliability=Reliability.UNKNOWN,
            not_for_family=True,
        )
        return self

    def submit(self):
        self._do(intel.submit, self.form.reference, actor=self.writer)
        return self

    def answer(self, coordinator, verb, reason):
        """Back with advice it goes by the coordinator alone; everything else is proposed, and decided by two."""
        by = {"actor": coordinator, "reason": reason}
        if verb == Proposal.RETURN:
            self._do(sifting.return_with_advice, self.form.reference, once=self._once(), **by)
            return self
        until = add_working_days(self.borough.today, 15) if verb == Proposal.DEFER else None
        without = "The place cannot wait for a meeting."
        more = {"deferred_until": until, "without_meeting_reason": without}
        self._do(sifting.propose, self.form.reference, once=self._once(), proposal=verb, **by, **more)
        self._do(
            sifting.decide,
            self.form.reference,
            decision=verb,
            decided_on=timezone.localdate(self.moment),
            authority=Decider(name="Lane Fairweather", agency="Children's services"),
            police=Decider(name="Detective Inspector Exemplar", agency="Borough police, child exploitation"),
            **by,
            **more,
        )
        return self


def intel_forms(story, borough):
    """The chapter: three forms of meetings are left submitted; one of each other state comes from a child's record.
    What was heard comes from the past panel."""
    for meeting in borough.tell_the_panel:
        form = IntelStory(borough, meeting.taker, meeting.story.moment)
        form.begin(intel.begin_from_meeting, meeting.meeting.reference, numbers=[1])
        form.write(Criterion.LOCATION, Criterion.GROUP, Criterion.PATTERN).add().submit()
    _in_every_other_state(borough)


def _in_every_other_state(borough):
    coordinator = borough.users["coordinator"]
    moment = timezone.make_aware(datetime.combine(add_working_days(borough.today, -2), time(10, 30)))
    with_a_worker = Referral.objects.filter(
        state=ReferralState.STATUTORY, worker__isnull=False, record__restricted=False, state_since__lt=moment
    )
    states = ["draft", "withdrawn", *ANSWERED]
    children = with_a_worker.select_related("record", "worker").order_by("pk")[: len(states)]
    for state, referral in zip(states, children, strict=True):
        form = IntelStory(borough, referral.worker, moment)
        form.begin(intel.begin_from_referral, referral.reference, criteria=[Criterion.STUCK])
        if state == "draft":
            continue
        form.write(Criterion.STUCK, Criterion.LOCATION).locate().submit()
        for verb, reason in ANSWERED.get(state, ()):
            form.answer(coordinator, verb, reason)
        if state == "withdrawn":
            reason = "It was another place: a new form says which."
            form._do(intel.withdraw, form.form.reference, actor=form.writer, reason=reason)
