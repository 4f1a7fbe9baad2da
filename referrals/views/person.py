"""What we know of a person, inside the case; the child's part in a concern; attaching; telling the referrer."""

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html

from hsb.core.pages import find
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.forms.person import PersonForm, in_words_of, same_as_now, values_of
from referrals.forms.roles import AttachForm, RolesForm, TellReferrerForm
from referrals.models import Involvement, Person
from referrals.permissions import can_assess, can_see
from referrals.selectors.joining import concern_choices, concerns_of, is_told, other_open_referrals, roles_now
from referrals.selectors.people_tab import people_tab
from referrals.selectors.person_details import ages, history, in_words, local_id_of, referral_of, waits_for_name
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
        return {**super().context(), "people": people_tab(self.referral, self.user)}


class PersonEdit(FollowsJoined, CaseFormPage):
    """The details of the referral's own child, or of somebody in one of its concerns whom the reader may open."""

    template_name = "referrals/person/edit.html"
    form_class = PersonForm
    looked_at_as = "person"
    tab = "people"
    done = "The details are saved."

    def prepare(self, reference, person):
        super().prepare(reference)
        self.person = find(Person, person, self.user)
        if self.person.pk == self.referral.person_id:
            return
        together = Involvement.objects.filter(person=self.person, concern__involvements__referral=self.referral)
        if not together.exists():
            raise Http404
        # Somebody else's details: that they were read belongs to their own record.
        self.record = self.person.record

    def get_title(self):
        return f"Details of {self.person.known_as}"

    @property
    def lead(self):
        said = []
        if self.person.pk != self.referral.person_id:
            said.append(f"In the same concern as {self.referral.person.known_as}.")
        if waits_for_name(self.person):
            said.append("When you add the family name, a referral is opened.")
        return " ".join(said)

    def form_kwargs(self):
        return {"adult": self.person.is_adult}

    def initial(self):
        return {**self.values(), "version": self.person.version}

    def values(self):
        return values_of(self.person, local_id_of(self.person))

    def get(self, request, *args, **kwargs):
        if not can_see(self.person, self.user):
            self.template_name = "referrals/person/read.html"
            return self.show(rows=in_words(self.person, local_id_of(self.person)))
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not can_see(self.person, self.user):
            raise Denied(record=self.record, verb="change_person")
        return super().post(request, *args, **kwargs)

    def submit(self, form):
        waited = waits_for_name(self.person)
        try:
            changed = persons.change_person(
                self.person.reference,
                actor=self.user,
                details=form.details(),
                version=form.cleaned_data["version"],
            )
        except Changed:
            self.person = find(Person, self.person.reference, self.user)
            # The same form sent twice: what stands is what was typed.
            if not same_as_now(form, self.values()):
                raise
        else:
            if waited:
                self.done = now_named(changed, self.user) or self.done
        return reverse("referrals:person_edit", args=[self.referral.reference, self.person.reference])

    def conflicts(self, form, refusal):
        theirs, yours = in_words_of(form, self.values()), in_words_of(form, form.cleaned_data)
        return [
            {"label": form.fields[name].label, "name": name, "theirs": theirs[name], "yours": yours[name]}
            for name in theirs
            if theirs[name] != yours[name]
        ]

    def context(self):
        return {
            **super().context(),
            "ages": ages(self.person, self.user),
            "versions": history(self.person),
        }


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
