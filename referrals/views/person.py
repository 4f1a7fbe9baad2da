"""What we know of a person, inside the case; the child's part in a concern; attaching; telling the referrer."""

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html

from hsb.core.pages import find
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.riding import announce
from referrals.forms.identity import GROUPS, IdentityForm, in_words_of, same_as_now
from referrals.forms.roles import AttachForm, RolesForm, TellReferrerForm
from referrals.models import Involvement, Person
from referrals.permissions import can_assess, can_read_address, can_see
from referrals.selectors.identity import (
    ask_for_address,
    asking_person,
    changes,
    groups,
    joined_records,
    past,
    unchanged_since,
)
from referrals.selectors.joining import concern_choices, concerns_of, is_told, other_open_referrals, roles_now
from referrals.selectors.people_tab import asking_tab, people_tab
from referrals.selectors.person_details import ages, asking_ages, read_referrals, referral_of, waits_for_name
from referrals.services import intake, persons
from referrals.views.bases import CaseFormPage, CasePage, Tells
from referrals.views.same_child import FollowsJoined, ShowsLikely
from referrals.views.verb import VerbPage


class PeopleTab(ShowsLikely, CasePage):
    """The child's details, and everybody in the case's concerns by the reader's right."""

    template_name = "referrals/person/tab.html"
    title = "People"
    looked_at_as = "people"
    tab = "people"

    def context(self):
        announce(*asking_tab(self.referral, self.user))
        return {**super().context(), "people": people_tab(self.referral, self.user)}


class OnePerson:
    """Gets the referral's own child, or somebody in one of its concerns whom the reader may open."""

    def prepare(self, reference, person, **kwargs):
        super().prepare(reference)
        self.person = find(Person, person, self.user)
        if self.person.pk == self.referral.person_id:
            return
        together = Involvement.objects.filter(person=self.person, concern__involvements__referral=self.referral)
        if not together.exists():
            raise Http404
        # Somebody else's details: that they were read belongs to their own record.
        self.record = self.person.record

    def everything(self):
        """What the page says of the person: the groups, the ages, what held before, who changed what."""
        announce(*asking_ages(self.person, self.user), *asking_person(self.person))
        referrals = read_referrals(self.person, self.user)
        return {
            "groups": groups(self.person, self.user, self.referral),
            "ages": ages(self.person, self.user, referrals),
            "past": past(self.person, self.user),
            "joined_records": joined_records(self.person, self.user),
            "changes": changes(self.person, self.user),
            "markers_url": reverse("referrals:markers", args=[self.referral.reference, self.person.reference]),
        }

    @property
    def lead(self):
        if self.person.pk == self.referral.person_id:
            return ""
        return f"In the same concern as {self.referral.person.known_as}."


class PersonPage(FollowsJoined, OnePerson, CasePage):
    """All that is known of one person, what held before, and who changed what when."""

    template_name = "referrals/person/page.html"
    looked_at_as = "person"
    tab = "people"

    def get_title(self):
        return f"Details of {self.person.known_as}"

    def context(self):
        return {**super().context(), **self.everything()}


class PersonGroup(FollowsJoined, OnePerson, CaseFormPage):
    """One group of a person's details, changed and saved by itself."""

    template_name = "referrals/person/edit.html"
    looked_at_as = "person"
    tab = "people"
    done = "The details are saved."
    forms = GROUPS

    def form_asked(self):
        return self.forms.get(self.kwargs.get("group", "identity"), IdentityForm)

    def prepare(self, reference, person, group):
        super().prepare(reference, person)
        if group not in self.forms:
            raise Http404
        self.group, self.form_class = group, self.forms[group]

    def get_title(self):
        return f"{self.group.capitalize()} of {self.person.known_as}"

    @property
    def lead(self):
        said = [super().lead] if super().lead else []
        if self.group == "contact" and not self.reads_address():
            said.append(f"{ask_for_address(self.person)}.")
        return " ".join(said)

    def reads_address(self):
        return not self.person.address_confidential or can_read_address(self.person, self.user)

    def form_kwargs(self):
        return {"with_address": self.reads_address()} if self.group == "contact" else {}

    def initial(self):
        return {**self.values(), "version": self.person.version}

    def values(self):
        return self.form_class.initial_of(self.person)

    def get(self, request, *args, **kwargs):
        if not can_see(self.person, self.user):
            self.template_name = "referrals/person/page.html"
            return self.show(**self.everything())
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not can_see(self.person, self.user):
            raise Denied(record=self.record, verb="change_person")
        return super().post(request, *args, **kwargs)

    def submit(self, form):
        try:
            self.save(form, form.cleaned_data["version"])
        except Changed:
            self.person = find(Person, self.person.reference, self.user)
            if self.group_stands(form):
                # Somebody saved another group meanwhile: this one is as it was when the page was opened.
                self.save(form, self.person.version)
            # The same form sent twice: what stands is what was typed.
            elif not (self.may_still(form) and same_as_now(form, self.person)):
                raise
        return reverse("referrals:person", args=[self.referral.reference, self.person.reference])

    def context(self):
        return {**super().context(), "ages": ()}

    def save(self, form, version):
        return persons.change_person(
            self.person.reference, actor=self.user, details=form.details(), version=version, moved=form.moved()
        )

    def group_stands(self, form):
        """Whether nothing of this group was changed since the page was opened."""
        return self.may_still(form) and unchanged_since(
            self.person, form.cleaned_data["version"], tuple(form.details())
        )

    def may_still(self, form):
        """Whether the address that was asked for has not become confidential to this reader meanwhile."""
        return "address" not in form.fields or self.reads_address()

    def conflicts(self, form, refusal):
        theirs, yours = in_words_of(form, self.values()), in_words_of(form, form.cleaned_data)
        hidden = () if self.may_still(form) else form.ADDRESS
        return [
            {"label": form.fields[name].label, "name": name, "theirs": theirs[name], "yours": yours[name]}
            for name in theirs
            if theirs[name] != yours[name] and name not in hidden
        ]


class PersonEdit(PersonGroup):
    """Who the person is: the names, the birth, the numbers."""

    forms = {"identity": IdentityForm}

    def prepare(self, reference, person):
        super().prepare(reference, person, "identity")

    def get_title(self):
        return f"Details of {self.person.known_as}"

    @property
    def lead(self):
        waits = "When you add the family name, a referral is opened." if waits_for_name(self.person) else ""
        return " ".join(filter(None, (super().lead, waits)))

    def form_kwargs(self):
        return {"adult": self.person.is_adult}

    def save(self, form, version):
        waited = waits_for_name(self.person)
        changed = super().save(form, version)
        if waited:
            self.done = now_named(changed, self.user) or self.done
        return changed

    def context(self):
        shown = () if not can_see(self.person, self.user) else ages(self.person, self.user)  # `everything` has them
        return {**super().context(), "ages": shown}


def now_named(person, user):
    """Which referral a child who waited for the family name has now, with a link; "" where `user` opens none."""
    referral = referral_of(person, user)
    if referral is None:
        return ""
    return format_html(
        'The details are saved. {} has a referral now: <a class="govuk-notification-banner__link" href="{}">{}</a>.',
        person.known_as,
        reverse("referrals:case", args=[referral.reference]),
        referral.reference,
    )


class SetRoles(CaseFormPage):
    """What part the child had in a concern, when it is known or turns out otherwise."""

    form_class = RolesForm
    title = "The part this child had"
    looked_at_as = "set_roles"
    lead = (
        "A part that no longer holds stays on the record as unfounded. The questions of the assessment follow the "
        "part: a category for a child who displayed, safety and support for a child who was harmed."
    )
    done = "The part is saved."

    def prepare(self, reference):
        super().prepare(reference)
        if not can_assess(self.referral, self.user):
            raise Denied(record=self.record, verb="set_roles")
        self.concerns = concerns_of(self.referral)

    def form_kwargs(self):
        return {"concerns": concern_choices(self.concerns)}

    def initial(self):
        initial = {"version": self.referral.version}
        if len(self.concerns) == 1:
            initial["roles"] = roles_now(self.referral, self.concerns[0])
        return initial

    def submit(self, form):
        chosen = form.cleaned_data.get("concern")
        concern = next((c for c in self.concerns if chosen in (None, c.reference)), None)
        if concern is None:
            raise NotReady("This referral has no concern to set a part in.")
        try:
            intake.set_roles(
                self.referral.reference,
                actor=self.user,
                concern=concern,
                roles=form.cleaned_data["roles"],
                version=form.cleaned_data["version"],
            )
        except Changed:
            # The same form sent twice: what stands is what was chosen.
            if set(roles_now(self.referral, concern)) != set(form.cleaned_data["roles"]):
                raise
        return reverse("referrals:case", args=[self.referral.reference])


class TellReferrer(Tells, CaseFormPage):
    """The referrer was told of the decision, within 1 working day (practice.md B21)."""

    form_class = TellReferrerForm
    title = "Tell the referrer"
    looked_at_as = "tell_referrer"
    lead = "Tell whoever reported the concern what was decided: that it was looked at, and who is in touch."
    done = "It is recorded that the referrer was told."

    def prepare(self, reference):
        super().prepare(reference)
        if not can_see(self.referral, self.user):
            raise Denied(record=self.record, verb="tell_referrer")
        self.concerns = concerns_of(self.referral)

    @property
    def warning(self):
        if any(concern.do_not_disclose for concern in self.concerns):
            return "Do not disclose yet stands on this concern: ask the police before you say anything of it."
        return ""

    def form_kwargs(self):
        return {"since": min((c.reported_on for c in self.concerns), default=None)}

    def submit(self, form):
        told_on = form.cleaned_data["told_on"]
        # Sent twice: it is recorded already, and nothing asks for it any more.
        if not is_told(self.referral, self.concerns, told_on):
            intake.tell_referrer(
                self.referral.reference, actor=self.user, told_on=told_on, how=form.cleaned_data["how"]
            )
        return reverse("referrals:case", args=[self.referral.reference])


class Attach(VerbPage):
    """A late discovery: the child already has an open referral (practice.md B22)."""

    form_class = AttachForm
    deed = "attach"
    title = "Attach to the referral that is already open"
    lead = "The concerns move to the referral you choose, and whoever has the child looks at them."
    warning = "This referral ends. It stays readable, and cannot be opened again."

    def form_kwargs(self):
        return {"referrals": other_open_referrals(self.referral, self.user)}

    def submit(self, form):
        to_reference = form.cleaned_data["to_reference"]
        intake.attach(
            self.referral.reference,
            actor=self.user,
            to_reference=to_reference,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after(f"{self.referral.reference} is attached to {to_reference}.")
