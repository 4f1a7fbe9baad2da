"""What is put on a map and taken off it, and what is agreed for its people."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core.forms import PersonSearchForm
from hsb.core.models import Action
from hsb.core.refusals import Denied
from hsb.people.models import User
from panels import permissions
from panels.forms.mapping import (
    ActionForm,
    DoneForm,
    DropForm,
    GroupForm,
    LinkForm,
    NewPersonForm,
    NoActionForm,
    PickForm,
    PlaceForm,
    TakeOutForm,
)
from panels.selectors import mapping as pages
from panels.services import mapping
from panels.views.mapping_bases import AboutPerson, MappingDeedPage, MappingFormPage, OnTheMap
from referrals.selectors.found import picked

# --- People -----------------------------------------------------------------------------------------------------------


class AddPerson(MappingDeedPage):
    """Who is in the incident, and the search for anybody else: before anybody is added (B8)."""

    form_class = PersonSearchForm
    deed = "map_person"
    title = "Add a person to the map"
    template_name = "panels/mapping/person.html"
    found = None

    def context(self):
        args = [self.meeting.reference]
        return {
            **super().context(),
            "offered": pages.offered_persons(self.reading),
            "found": self.found,
            "pick_url": reverse("panels:map_pick", args=args),
            "new_url": reverse("panels:map_new_person", args=args),
        }

    def submit(self, form):
        kept = mapping.search(self.meeting.reference, actor=self.user, terms=form.terms())
        return f"{reverse('panels:map_found', args=[self.meeting.reference, kept])}#found"


class FoundPersons(AddPerson):
    """The same page with what the reader's own search gave."""

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        self.found = pages.found_persons(self.reading, kwargs["search"])
        if self.found is None:
            raise Http404


class PickPerson(MappingDeedPage):
    """Puts somebody from the results, or of the incident, on the map."""

    form_class = PickForm
    deed = "map_person"
    title = "Add a person to the map"

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(reverse("panels:map_person", args=[self.meeting.reference]))

    def submit(self, form):
        person = picked(self.user, form.cleaned_data["pick"])
        if person is None:
            messages.error(self.request, "That search is too old. Search again, and add the person from the results.")
            return reverse("panels:map_person", args=[self.meeting.reference])
        mapping.put_person(self.meeting.reference, actor=self.user, person=person)
        return self.after("On the map.")


class NewPerson(MappingDeedPage):
    """Somebody whom we do not know yet."""

    form_class = NewPersonForm
    deed = "map_person"
    title = "Add somebody new to the map"
    lead = "Search first, so that nobody has two records. No referral is made: log a concern where there is one."

    def submit(self, form):
        mapping.put_new_person(
            self.meeting.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            details=form.details(),
            note=form.cleaned_data["note"],
        )
        return self.after("On the map.")


# --- Places, groups, links --------------------------------------------------------------------------------------------


class AddPlace(MappingDeedPage):
    form_class = PlaceForm
    deed = "map_place"
    title = "Add a place to the map"
    lead = "A home or a placement is shown as “An address” to whoever may not read everybody it is linked to."

    def initial(self):
        return {**super().initial(), **pages.offered_place(self.reading)}

    def submit(self, form):
        mapping.put_place(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("On the map.")


class AddGroup(MappingDeedPage):
    form_class = GroupForm
    deed = "map_group"
    title = "Add a group to the map"
    lead = "Whoever may open a child on the map reads the names of its places and groups: none should name a child."

    def submit(self, form):
        mapping.put_group(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("On the map.")


class AddLink(MappingDeedPage):
    form_class = LinkForm
    deed = "map_link"
    title = "Add a link to the map"
    lead = "Who knows whom, and where they go. What somebody is said to have done to somebody is not a link."

    def form_kwargs(self):
        return {"nodes": pages.choices_of_nodes(self.reading)}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        one, other = int(typed.pop("one")), int(typed.pop("other"))
        mapping.link(self.meeting.reference, actor=self.user, one=one, other=other, **typed)
        return self.after("The link is on the map.")


class TakeOutNode(OnTheMap):
    form_class = TakeOutForm
    looked_at_as = "take_off_map"
    title = "Take out of the map"
    warning = "Its links go with it. It stays on record, with your reason."

    def find(self, number):
        self.node = self.reading.node(number)
        if self.node is None or not self.node.shown:
            self.hide(there=self.node is not None, gone=self.reading.node_taken_out(number))
        self.lead = f"{self.node.number}. {self.node.name}"

    def submit(self, form):
        mapping.take_out_node(
            self.meeting.reference, self.node.number, actor=self.user, reason=form.cleaned_data["reason"]
        )
        return self.after("Taken out of the map.")


class TakeOutLink(OnTheMap):
    form_class = TakeOutForm
    looked_at_as = "take_off_map"
    title = "Take a link out of the map"
    warning = "It stays on record, with your reason."

    def find(self, number):
        self.link = next((link for link in self.reading.links if link.number == number), None)
        if self.link is None or self.link.words is None:
            self.hide(there=self.link is not None, gone=self.reading.link_taken_out(number))
        self.lead = f"{self.link.number}. {self.link.one.name} {self.link.words['kind']} {self.link.other.name}"

    def submit(self, form):
        mapping.take_out_link(
            self.meeting.reference, self.link.number, actor=self.user, reason=form.cleaned_data["reason"]
        )
        return self.after("Taken out of the map.")


# --- What is agreed for a person --------------------------------------------------------------------------------------


class AddAction(AboutPerson):
    form_class = ActionForm

    def get_title(self):
        return f"Add an action for {self.node.name}"

    @property
    def lead(self):
        if self.node.referral:
            return "It stands on the child's record while a referral is open, and is done there."
        return "There is no referral: it stands on this meeting's own record."

    def form_kwargs(self):
        return {"people": pages.people_of(self.reading, self.node)}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        owner = typed.pop("owner")
        mapping.agree_action(
            self.meeting.reference,
            self.node.number,
            actor=self.user,
            owner=User.objects.get(reference=owner) if owner else None,
            **{**typed, "owner_name": "" if owner else typed["owner_name"]},
        )
        return self.after("The action is added.")


class NoAction(AboutPerson):
    form_class = NoActionForm

    def get_title(self):
        return f"No action for {self.node.name}"

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        if self.node.actions:
            self.refuse_as_moved()

    def initial(self):
        reason = self.node.no_action_because
        return {"reason": reason, "version": mapping.shown_of_reason(reason)}

    def submit(self, form):
        typed = form.cleaned_data
        mapping.need_no_action(
            self.meeting.reference,
            self.node.number,
            actor=self.user,
            reason=typed["reason"],
            shown=typed["version"],
        )
        return self.after("Saved.")


class DropAction(OnTheMap):
    form_class = DropForm
    looked_at_as = "mapping_agreement"
    title = "Take back an action"

    def find(self, number):
        self.action = Action.objects.filter(source=self.record, number=number).first()
        about = int(self.action.about) if self.action else None
        node = self.reading.node(about)
        if node is None or not node.shown:
            self.hide(there=self.action is not None, gone=self.reading.node_taken_out(about))
        if not self.action.is_open:
            self.refuse_as_moved()
        self.lead = self.reading.hide(self.action.what)

    def submit(self, form):
        mapping.drop_action(
            self.meeting.reference, self.action.number, actor=self.user, reason=form.cleaned_data["reason"]
        )
        return self.after("The action is taken back.")


class DoAction(MappingFormPage):
    """An action for somebody without an open referral hangs on the meeting itself; it can be done after it closed."""

    form_class = DoneForm
    looked_at_as = "mapping_agreement"
    title = "Record that an agreed action is done"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        found = Action.objects.filter(record=self.record, source=self.record, number=number)
        self.action = found.select_related("owner").first()
        about = int(self.action.about) if self.action else None
        node = self.reading.node(about) or self.reading.node_taken_out(about)
        if node is None or not node.shown:
            raise Http404
        if not permissions.can_do_mapping_action(self.meeting, self.user, self.action):
            raise Denied(record=self.record, verb="finish_action")
        if not self.action.is_open:
            self.refuse_as_moved()
        self.lead = self.reading.hide(self.action.what)

    def submit(self, form):
        mapping.finish_action(self.meeting.reference, self.action.number, actor=self.user, **form.cleaned_data)
        return self.after("Recorded: the action is done.")
