"""At the panel and after it: who came, each item, the actions, what the authors of forms are told."""

from django.http import Http404

from hsb.core import access, clock
from hsb.core.refusals import Denied
from hsb.people.models import User
from panels.forms.panels import CAME, HoldPanelForm
from panels.forms.sitting import (
    AmendForm,
    DiscussForm,
    DropActionForm,
    FeedbackForm,
    PanelActionDoneForm,
    PanelActionForm,
)
from panels.models import ItemAction
from panels.selectors.feedback import feedback_page, form_to_hear
from panels.selectors.panel import people_of
from panels.services import sitting
from panels.services.sifting import Decider
from panels.states import OUTCOMES_STAND, PanelState
from panels.views.bases import ItemFormPage, PanelDeedPage, PanelFormPage, PanelVerb


class Hold(PanelDeedPage):
    form_class = HoldPanelForm
    deed = "hold"
    title = "Record who came, and begin"

    def form_kwargs(self):
        return {"seats": self.panel.seated()}

    def initial(self):
        return {**super().initial(), "held_on": clock.today()}

    def versions_now(self, refusal):
        of_seats = {name: said for name, said in refusal.now.items() if name.startswith("version_")}
        return super().versions_now(refusal) | of_seats

    def conflicts(self, form, refusal):
        """Everything that was typed; first the seats that were changed meanwhile."""
        found = [each for each in super().conflicts(form, refusal) if not each["name"].startswith("version_")]
        for each in found:
            if each["name"].startswith("state_"):
                each["yours"] = dict(CAME).get(each["yours"], "")
            if refusal.now and each["name"] not in refusal.now:
                each["theirs"] = "As when you opened the page"
        return sorted(found, key=lambda each: each["name"] not in refusal.now)

    def submit(self, form):
        sitting.begin(
            self.panel.reference,
            actor=self.user,
            held_on=form.cleaned_data["held_on"],
            seats=form.answers(),
            version=form.cleaned_data["version"],
        )
        return self.after("The panel has begun. Go through its items, one by one.")


class Discuss(ItemFormPage):
    form_class = DiscussForm
    looked_at_as = "panel_discuss"
    states = (PanelState.HELD,)

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        self.outcome_alone = self.reading.hides(self.item.discussion)
        if self.outcome_alone:
            self.lead = (
                "What was said names a child whose record is restricted, and is not shown to you. It stays as it is: "
                "say what it came to."
            )

    def get_title(self):
        return f"{self.item.shown_as}: what was said"

    def form_kwargs(self):
        return {"outcome_alone": self.outcome_alone}

    def initial(self):
        discussion = "" if self.outcome_alone else self.item.discussion
        return {"discussion": discussion, "outcome": self.item.outcome, "version": self.item.version}

    def submit(self, form):
        answers = {"discussion": None} | form.cleaned_data
        sitting.discuss(self.panel.reference, self.item.number, actor=self.user, **answers)
        return self.after("Saved.")


class Amend(ItemFormPage):
    form_class = AmendForm
    looked_at_as = "panel_amend"
    states = OUTCOMES_STAND
    lead = "A second person who was there agrees to it. The minutes are made again with it; what they said stays."

    def get_title(self):
        return f"{self.item.shown_as}: amend the minutes"

    def initial(self):
        return {"agreed_on": clock.today()}

    def submit(self, form):
        typed = form.cleaned_data
        sitting.amend_item(
            self.panel.reference,
            self.item.number,
            actor=self.user,
            once=typed["once"],
            text=typed["text"],
            reason=typed["reason"],
            agreed_by=Decider(user=typed["agreed_user"], name=typed["agreed_name"], agency=typed["agreed_agency"]),
            agreed_on=typed["agreed_on"],
        )
        return self.after("The minutes are amended, and made again.")


class AddAction(ItemFormPage):
    form_class = PanelActionForm
    looked_at_as = "panel_add_action"
    states = (PanelState.HELD,)
    of_what_was_typed = False

    def get_title(self):
        return f"{self.item.shown_as}: add an action"

    def form_kwargs(self):
        return {"people": people_of(self.panel), "on_a_record": sitting.referral_of(self.item) is not None}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        owner = typed.pop("owner")
        if owner:
            typed["owner"], typed["owner_name"] = User.objects.get(reference=owner), ""
        sitting.agree_action(self.panel.reference, self.item.number, actor=self.user, **typed)
        return self.after("The action is added.")


class OfAction(PanelFormPage):
    """A page about one action that the panel agreed: 404 where what was typed there is not the reader's."""

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        agreed = ItemAction.objects.filter(action__source=self.record, action__number=number)
        self.agreed = agreed.select_related("action__owner", "item").first()
        visible = {item.pk for item in self.reading.visible if self.reading.may_know_of(item)}
        if self.agreed is None or self.agreed.item_id not in visible or not self.is_here():
            raise Http404
        self.lead = self.reading.hide(self.agreed.words)

    def is_here(self):
        return True


class DropAction(OfAction):
    form_class = DropActionForm
    looked_at_as = "panel_drop_action"
    title = "Take an action out"
    states = (PanelState.HELD,)

    def submit(self, form):
        sitting.drop_action(self.panel.reference, self.agreed.action.number, actor=self.user, **form.cleaned_data)
        return self.after("The action is taken out.")


class DoAction(OfAction):
    """An action on the panel's own record; a child's is recorded on the child's."""

    form_class = PanelActionDoneForm
    looked_at_as = "panel_action"
    title = "Record that an action is done"
    states = OUTCOMES_STAND

    def is_here(self):
        return self.agreed.action.record_id == self.record.pk

    def submit(self, form):
        sitting.finish_action(self.panel.reference, self.agreed.action.number, actor=self.user, **form.cleaned_data)
        return self.after("Recorded.")


class IssueActions(PanelVerb):
    deed = "issue_actions"
    title = "Issue the actions"
    lead = "Each action goes where it belongs: a child's to the child's record, in the wording for the record."
    warning = "From then on what was decided can no longer be changed."
    service = staticmethod(sitting.issue_actions)
    said = "The actions are issued. Tell the authors of the forms what came of them."


class Close(PanelVerb):
    deed = "close"
    title = "Close the panel"
    service = staticmethod(sitting.close_panel)
    said = "The panel is closed."


class Feedback(PanelFormPage):
    form_class = FeedbackForm
    template_name = "panels/feedback.html"
    looked_at_as = "panel_feedback"
    states = (PanelState.ACTIONS_ISSUED,)

    def prepare(self, reference, form_reference):
        super().prepare(reference=reference)
        self.form_to_hear, self.earlier = form_to_hear(self.reading, form_reference)
        if self.form_to_hear is None:
            raise Http404
        if not self.form_to_hear.is_of_others:
            raise Denied(
                "You wrote or submitted this form: somebody else tells what came of it.",
                record=self.record,
                verb="give_feedback",
            )

    def look(self):
        """The form is read here: it stands on its record too."""
        access.look_at_each(self.user, [self.record, self.form_to_hear.record], self.looked_at_as)

    def context(self):
        return {**super().context(), "told": feedback_page(self.form_to_hear, self.reading, self.earlier)}

    def get_title(self):
        return f"What came of {self.form_to_hear.reference}"

    def submit(self, form):
        sitting.give_feedback(
            self.panel.reference, self.form_to_hear.reference, actor=self.user, feedback=form.cleaned_data["feedback"]
        )
        return self.after("The author is told.")
