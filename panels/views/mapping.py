"""Mapping meetings: the list, the meeting with its map, called, arranged, held, put off, closed."""

from dataclasses import replace
from functools import cached_property

from django.urls import reverse

from hsb.core import access, clock, door, words
from hsb.core.pages import FormPage, Page
from hsb.core.refusals import AlreadyMoved, Denied
from hsb.core.timescales import within
from hsb.people.models import User
from panels import permissions
from panels.forms.mapping import (
    ArrangeForm,
    CallForChildForm,
    CallForm,
    CloseForm,
    HoldForm,
    IntelForm,
    PlanAgainForm,
    WhyForm,
)
from panels.selectors import mapping as pages
from panels.services import mapping
from panels.states import MappingState
from panels.views.mapping_bases import MappingDeedPage, MappingPage, VersionedDeedPage
from referrals.views.bases import CaseFormPage, CasePage


class MappingList(Page):
    """Everybody's list of the mapping meetings they may open."""

    template_name = "panels/mapping/list.html"
    title = "Mapping meetings"

    def context(self):
        asked = self.request.GET
        return pages.mapping_page(
            self.user, show=asked.get("show", ""), late=asked.get("late") == "1", after=asked.get("after", "")
        )


class MappingOfChild(CasePage):
    """The mapping meetings on whose map a child stands, of those the reader may open."""

    template_name = "panels/mapping/of_child.html"
    title = "Mapping meetings"
    tab = "meetings"
    looked_at_as = "mapping_of_child"

    def context(self):
        return {**super().context(), "found": pages.of_child(self.referral, self.user)}


class CallMapping(FormPage):
    """A chair or manager calls a meeting on an incident or a group."""

    form_class = CallForm
    title = "Call a mapping meeting"
    done = "The mapping meeting is called. Its map can be prepared now."

    def prepare(self):
        if not permissions.can_call_mapping(self.user):
            raise Denied(verb="call_mapping")

    def context(self):
        return {
            "back_url": reverse("panels:mapping_list"),
            "lead": "For an incident or a group: who knows whom, where they go, and what is done for each of them.",
        }

    def form_kwargs(self):
        return {"chairs": pages.chairs(self.user)}

    def initial(self):
        return {"chair": self.user.reference}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        meeting = mapping.call(
            actor=self.user,
            once=typed["once"],
            purpose=typed["purpose"],
            question=typed["question"],
            planned_on=typed["planned_on"],
            chair=User.objects.get(reference=typed["chair"]),
            keeper=typed["keeper"],
            readers=typed["readers"],
            referral=typed["referral"] if typed["focus"] == "incident" else "",
            group=typed["group"] if typed["focus"] == "group" else "",
        )
        return reverse("panels:mapping", args=[meeting.reference])


class CallMappingFor(CaseFormPage):
    """The same from a child's record: about the incident the child is in."""

    form_class = CallForChildForm
    title = "Call a mapping meeting"
    lead = "About the incident that this child is in: who knows whom, where they go, and what is done for each of them."
    tab = "meetings"
    looked_at_as = "call_mapping"
    done = "The mapping meeting is called. Its map can be prepared now."

    def prepare(self, reference):
        super().prepare(reference=reference)
        if not self.referral.is_open:
            raise AlreadyMoved(
                reference=reference,
                state=self.referral.state_in_words,
                verb="call_mapping",
                **door.last_moved(self.record),
            )

    def form_kwargs(self):
        return {"chairs": pages.chairs(self.user)}

    def initial(self):
        return {"chair": self.user.reference}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        chair = User.objects.get(reference=typed.pop("chair"))
        meeting = mapping.call(actor=self.user, chair=chair, referral=self.referral.reference, **typed)
        return reverse("panels:mapping", args=[meeting.reference])


class Mapping(MappingPage):
    """The meeting with its map."""

    template_name = "panels/mapping/meeting.html"
    looked_at_as = "mapping"
    title = "Mapping meeting"

    def look(self):
        """It stands on the meeting's record, and on the referral of each child whom the page shows."""
        access.look_at_each(self.user, [self.record, *self.reading.looked_at()], self.looked_at_as)

    def context(self):
        return {**super().context(), "overview": pages.overview(self.reading)}


class Arrange(VersionedDeedPage):
    form_class = ArrangeForm
    deed = "arrange_mapping"
    title = "Change its day and people"

    @cached_property
    def named(self):
        return list(mapping.named_readers(self.meeting))

    @property
    def lead(self):
        """Why somebody who was taken off stands in the list again: they read it until what they have to do is done."""
        owners = {task.owner_id for task in self.reading.tasks}
        owing = [user.name for user in self.named if user.pk in owners]
        if not owing:
            return ""
        reads = "reads" if len(owing) == 1 else "read"
        return f"{words.listed(owing)} {reads} the map until what they have to do for it is done, named here or not."

    def form_kwargs(self):
        return {
            "chairs": pages.chairs(self.meeting.chair, self.meeting.called_by),
            "day_is_open": self.meeting.state == MappingState.PLANNED,
            "planned_on": self.meeting.planned_on,
        }

    def initial(self):
        meeting = self.meeting
        keeps = meeting.keeper_id != meeting.chair_id
        return {
            **super().initial(),
            "planned_on": meeting.planned_on,
            "chair": meeting.chair.reference,
            "keeper": meeting.keeper if keeps else None,
            "readers": self.named,
        }

    def submit(self, form):
        typed = form.cleaned_data
        chair = User.objects.get(reference=typed["chair"])
        mapping.arrange(
            self.meeting.reference,
            actor=self.user,
            planned_on=typed.get("planned_on") or self.meeting.planned_on,
            chair=chair,
            keeper=typed["keeper"] or chair,
            readers=typed["readers"],
            version=typed["version"],
        )
        return self.after("Saved.")


class Hold(VersionedDeedPage):
    form_class = HoldForm
    deed = "hold_mapping"
    title = "Record that it was held"
    lead = within(
        "The map is then completed, {soon}: an action for every person on it, or why there is none.", "complete_map"
    )

    def initial(self):
        return {**super().initial(), "held_on": clock.today()}

    def submit(self, form):
        mapping.hold(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("Recorded. Complete the map next.")


class Postpone(VersionedDeedPage):
    form_class = WhyForm
    deed = "postpone_mapping"
    title = "Postpone the meeting"
    lead = "Set its new day next. The day by which it was due stays the same until then."

    def submit(self, form):
        mapping.postpone(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("The meeting is postponed. Set its new day.")


class PlanAgain(VersionedDeedPage):
    form_class = PlanAgainForm
    deed = "plan_mapping_again"
    title = "Set its new day"

    def submit(self, form):
        mapping.plan_again(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("The new day is set.")


class Cancel(VersionedDeedPage):
    form_class = WhyForm
    deed = "cancel_mapping"
    title = "Cancel the meeting"
    warning = "A cancelled meeting stays cancelled, and nobody reads what was prepared for it any more."

    def submit(self, form):
        mapping.cancel(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("The meeting is cancelled.")


class Close(MappingDeedPage):
    form_class = CloseForm
    deed = "close_mapping"
    title = "Close the meeting and freeze the map"
    lead = (
        "The map is kept as it stands now, and nothing on it can be changed after this. What was agreed goes on, on "
        "each child's record."
    )

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        # The guards' sentences, with how many are missing.
        self.standing = replace(self.standing, unmet=tuple(mapping.still_missing(self.meeting)))

    def initial(self):
        return {**super().initial(), "version": mapping.shown_for_closing(self.meeting, self.reading.content)}

    def submit(self, form):
        mapping.close(self.meeting.reference, actor=self.user, shown=form.cleaned_data["version"])
        return self.after("The meeting is closed, and its map is frozen.")


class MakeIntel(MappingDeedPage):
    """What it gathered becomes an intel form for the panel: one for a meeting."""

    form_class = IntelForm
    deed = "mapping_intel"
    title = "Make an intel form from this meeting"
    lead = (
        "It begins with the children on the map whom you may read, its places and its groups. What the map says "
        "between them is not in it: you write what the panel should know. There is one for a meeting; where it was "
        "begun already, that one opens."
    )

    def submit(self, form):
        made = mapping.begin_intel(self.meeting.reference, actor=self.user, once=form.cleaned_data["once"])
        self.done = f"The intel form {made.reference} is begun."
        return reverse("strategy_meetings:intel", args=[made.reference])
