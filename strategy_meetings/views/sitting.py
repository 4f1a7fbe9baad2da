"""At the meeting: who came, each child's part, the decisions that go out; and a manager's word on NFA."""

from functools import cached_property

from django.http import Http404
from django.urls import reverse

from hsb.core import clock
from hsb.core.asked_once import only_shown
from hsb.core.fetched import fetch
from hsb.core.models import Action
from hsb.core.refusals import Denied
from hsb.people.models import User
from referrals.selectors.behaviours import said_at_meeting, to_view
from referrals.selectors.described import what_is_described
from referrals.selectors.police import advised_in_words, asking_advice
from strategy_meetings import permissions
from strategy_meetings.forms.planning import DropForm
from strategy_meetings.forms.sitting import (
    ActionDoneForm,
    ActionForm,
    AdjournForm,
    ChildForm,
    HoldForm,
    IssueForm,
    NfaForm,
)
from strategy_meetings.guards import quorate_or_reason
from strategy_meetings.selectors.intel import wants_form
from strategy_meetings.selectors.meeting import OUTCOMES, child_part, people_of, quorum_in_words
from strategy_meetings.selectors.seats import seats_read_by
from strategy_meetings.services import sitting
from strategy_meetings.states import BEFORE_DECISIONS, NfaState
from strategy_meetings.views.bases import (
    ChildFormPage,
    InChild,
    MeetingDeedPage,
    MeetingFormPage,
    MeetingPage,
)


class Hold(MeetingDeedPage):
    form_class = HoldForm
    deed = "hold"
    title = "Record who came, and begin"

    def form_kwargs(self):
        return {"seats": seats_read_by(self.reading)}

    def initial(self):
        return {**super().initial(), "held_on": clock.today(), "quorum_reason": self.meeting.quorum_reason}

    def submit(self, form):
        sitting.begin(
            self.meeting.reference,
            actor=self.user,
            held_on=form.cleaned_data["held_on"],
            seats=form.answers(),
            quorum_reason=form.cleaned_data["quorum_reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("The meeting has begun. Agree each child's part, one by one.")


class Adjourn(MeetingDeedPage):
    form_class = AdjournForm
    deed = "adjourn"
    title = "Adjourn the meeting"
    lead = "What was agreed so far stays."

    def submit(self, form):
        sitting.adjourn(
            self.meeting.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            goes_on_on=form.cleaned_data["goes_on_on"],
            version=form.cleaned_data["version"],
        )
        return self.after("The meeting is adjourned.")


class IssueDecisions(MeetingDeedPage):
    """Says what is missing, child by child, and issues nothing before it is there (A10, A11)."""

    template_name = "strategy_meetings/issue.html"
    deed = "issue_decisions"
    title = "Issue the decisions"
    form_class = IssueForm
    said = "The decisions are issued. Each child's record follows its own outcome."

    def form_kwargs(self):
        return {"quorate": quorate_or_reason(self.meeting)}

    def submit(self, form):
        sitting.issue_decisions(
            self.meeting.reference,
            actor=self.user,
            quorum_reason=form.cleaned_data.get("quorum_reason", ""),
            version=form.cleaned_data["version"],
        )
        return self.after(self.said)

    def get(self, request, *args, **kwargs):
        """What is missing is no refusal: it is what the chair comes to read."""
        return self.show(form=None) if self.standing.unmet else super().get(request, *args, **kwargs)

    def context(self):
        parts = [
            {
                "name": child.person.known_as,
                "url": reverse("strategy_meetings:child", args=[self.meeting.reference, child.number]),
                **child_part(child, self.reading),
            }
            for child in self.reading.taking_part
        ]
        complete = not any(part["missing"] for part in parts)
        return {**super().context(), "parts": parts, "complete": complete, "quorum": quorum_in_words(self.meeting)}


class Child(InChild, MeetingPage):
    """One child's part, to read; who writes the meeting finds the form there while it can change."""

    template_name = "strategy_meetings/child.html"
    looked_at_as = "meeting_child"

    @property
    def police_advice(self):
        writes = permissions.can_take_minutes(self.meeting, self.user)
        return advised_in_words(_police_advice(self)) if writes else ()

    def get_title(self):
        return self.child.person.known_as

    def context(self):
        meeting, user = self.meeting, self.user
        writes = meeting.state in BEFORE_DECISIONS and permissions.can_take_minutes(meeting, user)
        urls = {
            "agree": "agree_child" if writes else "",
            "add_action": "add_action" if writes else "",
            "nfa": "decide_nfa" if _waits_for_nfa(self.child, user) else "",
        }
        args = [meeting.reference, self.child.number]
        links = {key: reverse(f"strategy_meetings:{name}", args=args) for key, name in urls.items() if name}
        if wants_form(self.child, user):
            links["intel"] = reverse("strategy_meetings:begin_intel", args=[meeting.reference])
        return {**super().context(), "part": self.as_read(child_part(self.child, self.reading)), "links": links}


def _police_advice(page):
    """The calls in which the police advised for every child, for a page about one that its reader may open."""
    opened = [page.child.referral_id] if page.reading.opens_referral(page.child) else []
    return asking_advice(page.meeting.concern, opened)


class WritingChild(ChildFormPage):
    """A page that writes on a child's part while the meeting can still agree something."""

    @cached_property
    def read(self):
        """(the meeting's seats, the police's calls); what else the page will ask is asked with them."""
        seats, calls, *_ = fetch(self.meeting.seats.select_related("user"), _police_advice(self), *self.beside())
        return seats, calls

    def beside(self):
        """Querysets that are kept on what the page shows."""
        return []

    @property
    def police_advice(self):
        _, calls = self.read
        return advised_in_words(calls)

    @cached_property
    def people(self):
        seats, _ = self.read
        return people_of(self.reading, self.child, seats)

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        if not permissions.can_take_minutes(self.meeting, self.user):
            raise Denied(record=self.record, verb="save_child")
        if self.meeting.state not in BEFORE_DECISIONS:
            self.refuse_as_moved()


class AgreeChild(WritingChild):
    form_class = ChildForm
    template_name = "strategy_meetings/agree.html"
    looked_at_as = "meeting_child"

    def get_title(self):
        return f"What is agreed for {self.child.person.known_as}"

    def context(self):
        return {**super().context(), "part": self.as_read(child_part(self.child, self.reading))}

    def beside(self):
        referral = self.child.referral
        shown = referral is not None and only_shown(referral) and self.reading.opens_referral(self.child)
        return [what_is_described(referral)] if shown else []

    def form_kwargs(self):
        referral = self.child.referral
        in_force = referral.get_category_display() if referral and referral.category else ""
        return {
            "has_category": self.child.has_category,
            "people": self.people,
            "in_force": in_force,
            "behaviours": to_view(referral) if referral and self.reading.opens_referral(self.child) else [],
        }

    def initial(self):
        child = self.child
        plain = {name: getattr(child, name) for name in sitting.AGREED}
        return plain | {
            "version": child.version,
            "outcomes": [name for name, _ in OUTCOMES if getattr(child, name)],
            "intel_by": child.intel_by.reference if child.intel_by_id else "",
            **ChildForm.initial_of_each(self.said_of_behaviours()),
        }

    def said_of_behaviours(self):
        """{key: (category, reason)} of what the meeting says of single behaviours so far."""
        if self.child.referral is None:
            return {}
        return {key: said for _, key, *said in said_at_meeting(self.meeting.record, self.child.referral)}

    def submit(self, form):
        typed = {name: value for name, value in form.cleaned_data.items() if name not in form.names_of_each()}
        version, chosen = typed.pop("version"), typed.pop("outcomes")
        by = typed.pop("intel_by")
        answers = typed | {name: name in chosen for name, _ in OUTCOMES}
        answers["intel_by"] = User.objects.get(reference=by) if by else None
        sitting.save_child(
            self.meeting.reference,
            self.child.number,
            actor=self.user,
            answers=_as_stored(answers),
            # Who may not open the child's referral was asked nothing about its behaviours.
            behaviours=form.of_each() if form.judged else None,
            version=version,
        )
        self.done = "Saved."
        return self.child_url


def _as_stored(answers):
    """Texts that were dropped are empty, days are none."""
    return {
        name: "" if value is None and not name.endswith(("_on", "_by")) else value for name, value in answers.items()
    }


class AddAction(WritingChild):
    form_class = ActionForm
    looked_at_as = "meeting_child"

    def get_title(self):
        return f"Add an action for {self.child.person.known_as}"

    def form_kwargs(self):
        return {"people": self.people}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        owner = typed.pop("owner")
        sitting.agree_action(
            self.meeting.reference,
            self.child.number,
            actor=self.user,
            owner=User.objects.get(reference=owner) if owner else None,
            **{**typed, "owner_name": "" if owner else typed["owner_name"]},
        )
        self.done = "The action is added."
        return self.child_url


class DropAction(MeetingFormPage):
    """An action that was typed and is not agreed after all."""

    form_class = DropForm
    looked_at_as = "meeting_child"
    title = "Take out an action"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        if not permissions.can_take_minutes(self.meeting, self.user):
            raise Denied(record=self.record, verb="drop_action")
        if self.meeting.state not in BEFORE_DECISIONS:
            self.refuse_as_moved()
        self.action = Action.objects.open().filter(source=self.record, number=number).first()
        if self.action is None:
            raise Http404
        self.lead = self.action.what

    def submit(self, form):
        sitting.drop_action(
            self.meeting.reference, self.action.number, actor=self.user, reason=form.cleaned_data["reason"]
        )
        self.done = "The action is taken out."
        return reverse("strategy_meetings:child", args=[self.meeting.reference, self.action.about])


class DoAction(MeetingFormPage):
    """An action for a child without a referral of ours hangs on the meeting: its chair records it as done."""

    form_class = ActionDoneForm
    looked_at_as = "meeting_child"
    title = "Record that an agreed action is done"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.action = Action.objects.filter(record=self.record, number=number).first()
        if self.action is None:
            raise Http404
        if not permissions.can_invite(self.meeting, self.user):
            raise Denied(record=self.record, verb="finish_action")
        if self.meeting.state in BEFORE_DECISIONS or not self.action.is_open:
            self.refuse_as_moved()
        self.lead = self.action.what

    def initial(self):
        return {"done_on": clock.today()}

    def submit(self, form):
        sitting.finish_action(
            self.meeting.reference,
            self.action.number,
            actor=self.user,
            done_on=form.cleaned_data["done_on"],
            outcome=form.cleaned_data["outcome"],
        )
        return self.after("Recorded.")


# --- After the decisions --------------------------------------------------------------------------------------------


def _waits_for_nfa(child, user):
    return child.nfa_state == NfaState.WAITING and permissions.can_confirm_nfa(child, user)


class DecideNfa(ChildFormPage):
    form_class = NfaForm
    template_name = "strategy_meetings/nfa.html"
    looked_at_as = "meeting_nfa"

    def get_title(self):
        return f"No further action for {self.child.person.known_as}?"

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        if self.child.nfa_state != NfaState.WAITING:
            self.refuse_as_moved()
        if not permissions.can_confirm_nfa(self.child, self.user):
            raise Denied(record=self.record, verb="confirm_nfa")

    def context(self):
        return {**super().context(), "part": self.as_read(child_part(self.child, self.reading))}

    def submit(self, form):
        confirm = form.cleaned_data["decision"] == "confirm"
        sitting.decide_nfa(
            self.meeting.reference,
            self.child.number,
            actor=self.user,
            confirm=confirm,
            reason=form.cleaned_data["reason"],
        )
        self.done = "No further action is confirmed." if confirm else "Refused: another strategy meeting is asked for."
        return reverse("referrals:case", args=[self.child.referral.reference])
