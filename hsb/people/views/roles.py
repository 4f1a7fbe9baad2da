"""Giving and ending a role; recording training."""

from hsb.core import clock
from hsb.people import selectors
from hsb.people.forms import AddMembershipForm, EndMembershipForm, TrainingForm
from hsb.people.services import roles, training
from hsb.people.views.bases import PersonFormPage, day_at


class AddMembership(PersonFormPage):
    title = "Give a role"
    form_class = AddMembershipForm
    done = "The role was given."

    def form_kwargs(self):
        return {"teams": selectors.open_teams()}

    def initial(self):
        return {"starts_on": clock.today()}

    def submit(self, form):
        roles.add_membership(self.person.reference, actor=self.user, **form.cleaned_data)
        return self.person_url()


class EndMembership(PersonFormPage):
    title = "End a role"
    form_class = EndMembershipForm
    done = "The end of the role was recorded."
    lead = (
        "From then on nothing opens because of this role. Children allocated to them by name stay so until a manager "
        "allocates them again."
    )

    def prepare(self, reference, team, role, starts_on):
        super().prepare(reference)
        self.seat = {"team": team, "role": role, "starts_on": day_at(starts_on)}

    def get_title(self):
        seat = self.person.memberships.select_related("team").filter(
            team__slug=self.seat["team"], role=self.seat["role"], starts_on=self.seat["starts_on"]
        )
        found = seat.first()
        return f"End the role {found}" if found else self.title

    def submit(self, form):
        last_day = form.cleaned_data["last_day"] if form.cleaned_data["when"] == "day" else None
        roles.end_membership(self.person.reference, actor=self.user, last_day=last_day, **self.seat)
        return self.person_url()


class RecordTraining(PersonFormPage):
    title = "Record training"
    form_class = TrainingForm
    lead = (
        "Only somebody whose training is recorded and valid can enter the result of these tools. "
        "To correct a last valid day, record the same tool and day again."
    )
    done = "The training was recorded."

    def submit(self, form):
        training.record_training(self.person.reference, actor=self.user, **form.cleaned_data)
        return self.person_url()
