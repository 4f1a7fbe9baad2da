"""Household and family of a child: who is what is searched for, recorded, changed and ended."""

from django.http import Http404
from django.urls import reverse

from hsb.core.forms import PersonSearchForm
from hsb.core.pages import Refusing
from hsb.core.refusals import Changed, Denied
from referrals.forms.family import (
    MISTAKE,
    ChangeRelationshipForm,
    EndRelationshipForm,
    RelateForm,
    initial_of,
)
from referrals.forms.identity import in_words_of
from referrals.forms.involved import newcomer_initial
from referrals.models import Person
from referrals.permissions import can_relate
from referrals.selectors.family import history, offered, relationship_of, values_of
from referrals.selectors.found import results, terms_kept
from referrals.services import relating
from referrals.views.bases import CaseFormPage


class FamilyPage(CaseFormPage):
    """A page about the child's family, for whoever changes the child's other details."""

    tab = "people"

    def prepare(self, reference, **kwargs):
        super().prepare(reference)
        if not can_relate(self.referral, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)

    @property
    def tab_url(self):
        return f"{reverse('referrals:people_tab', args=[self.referral.reference])}#family"


class SearchFamily(FamilyPage):
    """Before anybody is added it is looked whether we know them (B8)."""

    form_class = PersonSearchForm
    title = "Add somebody to household and family"
    looked_at_as = "search_family"
    lead = (
        "First look whether we know the person, so that nobody has two records. Enter what you know: one of these is "
        "enough. What you search for is recorded."
    )

    def submit(self, form):
        kept = relating.search(self.referral.reference, actor=self.user, terms=form.terms())
        return reverse("referrals:family_add", args=[self.referral.reference, kept])


class AddFamily(FamilyPage):
    """Who was found, or somebody new, and what they are to the child."""

    template_name = "referrals/person/relate.html"
    form_class = RelateForm
    title = "Add somebody to household and family"
    looked_at_as = "record_relationship"
    lead = "An adopted child is never linked to the record from before the adoption."
    done = "The relationship is recorded."

    def prepare(self, reference, search):
        super().prepare(reference)
        self.terms = terms_kept(self.user, search)
        if self.terms is None and self.request.method != "POST":
            raise Http404
        if self.terms is None:
            # Too old by now: who is chosen from it is refused on the page, and nothing typed is lost.
            self.terms, self.found = {}, {"said": "", "rows": [], "masked": ""}
        else:
            self.found = results(self.user, self.terms)

    def form_kwargs(self):
        return {"people": offered(self.referral, self.user, self.terms, self.found)}

    def initial(self):
        return newcomer_initial(self.terms)

    def context(self):
        search_url = reverse("referrals:family_search", args=[self.referral.reference])
        return {**super().context(), "found": self.found, "search_url": search_url}

    def submit(self, form):
        newcomer = form.newcomer()
        who = {"newcomer": newcomer} if newcomer else {"other": Person.at(form.cleaned_data["who"]).get()}
        relating.relate(
            self.referral.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            code=form.cleaned_data["code"],
            details=form.details(),
            **who,
        )
        return self.tab_url


class OneRelationship(Refusing, FamilyPage):
    """A page about one relationship of the child that stands."""

    state_in_words = "ended"

    def prepare(self, reference, relationship):
        super().prepare(reference)
        self.seen = relationship_of(self.referral, relationship, self.user)
        if self.seen is None:
            raise Http404
        if not self.seen.row.is_open:
            self.refuse_as_moved()

    @property
    def subject_url(self):
        return self.tab_url

    def get_title(self):
        return f"{self.seen.side.label}: {self.seen.name}"

    def initial(self):
        return {"version": self.seen.row.version}


class ChangeFamily(OneRelationship):
    template_name = "referrals/person/relationship.html"
    form_class = ChangeRelationshipForm
    looked_at_as = "change_relationship"
    done = "The relationship is saved."

    def prepare(self, reference, relationship):
        super().prepare(reference, relationship)
        if not self.seen.shown:
            raise Denied(record=self.record, verb=self.looked_at_as)

    def form_kwargs(self):
        return {"kind": self.seen.row.kind}

    def initial(self):
        return {**super().initial(), **initial_of(values_of(self.seen))}

    def context(self):
        end_url = reverse("referrals:family_end", args=[self.referral.reference, self.seen.row.once])
        return {**super().context(), "end_url": end_url, "versions": history(self.seen)}

    def submit(self, form):
        try:
            relating.change_relationship(
                self.referral.reference,
                actor=self.user,
                about=self.seen.row.once,
                version=form.cleaned_data["version"],
                details=form.details(),
            )
        except Changed:
            # The same form sent twice: what stands is what was typed.
            self.seen = relationship_of(self.referral, self.seen.row.once, self.user)
            now = values_of(self.seen)
            if any((now[name] or "") != (value or "") for name, value in form.details().items()):
                raise
        return self.tab_url

    def conflicts(self, form, refusal):
        theirs = in_words_of(form, initial_of(values_of(self.seen)))
        yours = in_words_of(form, form.cleaned_data)
        return [
            {"label": form.fields[name].label, "name": name, "theirs": theirs[name], "yours": yours[name]}
            for name in theirs
            if theirs[name] != yours[name]
        ]


class EndFamily(OneRelationship):
    form_class = EndRelationshipForm
    looked_at_as = "end_relationship"
    lead = "A relationship is never deleted: it stays among those that have ended, with your reason."

    def form_kwargs(self):
        return {"starts_on": self.seen.row.starts_on if self.seen.shown else None}

    def get_title(self):
        return f"End: {super().get_title()}"

    def submit(self, form):
        named = {
            "actor": self.user,
            "about": self.seen.row.once,
            "version": form.cleaned_data["version"],
            "reason": form.cleaned_data["reason"],
        }
        if form.cleaned_data["became"] == MISTAKE:
            relating.withdraw_relationship(self.referral.reference, **named)
            self.done = "Recorded: it was a mistake."
        else:
            known, day = form.ended_on()
            relating.end_relationship(self.referral.reference, ends_known=known, ends_on=day, **named)
            self.done = "Recorded: it has ended."
        return self.tab_url
