"""Somebody is added to a concern that was logged: looked for first, then their part in it (practice.md A7, B8, B22)."""

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html

from hsb.core.forms import PersonSearchForm
from hsb.core.refusals import Denied, NotReady
from referrals.forms.adding import AddKnownForm, AddNewcomerForm
from referrals.forms.concern_draft import HIDDEN_NAME, known_form_kwargs
from referrals.forms.intake import Birth
from referrals.forms.involved import newcomer_initial, search_initial
from referrals.models import Referral
from referrals.permissions import can_add_to_concern
from referrals.selectors.adding import MASKED, NEW, chosen, found_for, sentence_of
from referrals.selectors.found import terms_kept
from referrals.selectors.joining import concern_choices, concerns_of
from referrals.selectors.person_details import one_line
from referrals.services import adding
from referrals.services.intake import Known, Newcomer
from referrals.states import BirthPrecision
from referrals.views.bases import CaseFormPage

TOO_OLD = "That search is too old. Search again, and choose the person from what it finds. What you typed is kept here."


class OfConcern(CaseFormPage):
    """A page about one concern of the referral, for whoever says who was in it."""

    tab = "people"
    looked_at_as = "add_to_concern"

    def prepare(self, reference, concern, **kwargs):
        super().prepare(reference)
        self.concern = next((one for one in concerns_of(self.referral) if one.reference == concern), None)
        if self.concern is None:
            raise Http404
        if not can_add_to_concern(self.referral, self.user):
            raise Denied(record=self.record, verb="add_to_concern")

    def address(self, name, *more):
        return reverse(f"referrals:{name}", args=[self.referral.reference, self.concern.reference, *more])

    @property
    def said(self):
        [(_, words)] = concern_choices([self.concern])
        return words


class AddToConcern(OfConcern):
    """Before anybody is added it is looked whether we know them; what was found stands under the search (B8)."""

    template_name = "referrals/concern/add.html"
    form_class = PersonSearchForm
    title = "Add somebody to this concern"

    def prepare(self, reference, concern, search=None):
        super().prepare(reference, concern)
        self.search, self.terms = search, {}
        if search is not None:
            self.terms = terms_kept(self.user, search)
            if self.terms is None:
                if self.request.method != "POST":
                    raise Http404
                self.terms = {}  # it is searched again

    @property
    def lead(self):
        return (
            f"{self.said}. First look whether we know the person, so that nobody has two records. Enter what you know: "
            "one of these is enough. What you search for is recorded."
        )

    def initial(self):
        return search_initial(self.terms)

    def submit(self, form):
        kept = adding.search(self.referral.reference, actor=self.user, terms=form.terms())
        return f"{self.address('add_to_concern_found', kept)}#found"

    def context(self):
        found = None
        if self.search is not None and self.terms:
            found = found_for(
                self.user, self.terms, lambda who: self.address("add_to_concern_person", self.search, who)
            )
        return {**super().context(), "found": found}


class AddToConcernPerson(OfConcern):
    """The part somebody had in it; of somebody new all details, as when a concern is logged."""

    template_name = "referrals/concern/add_person.html"

    def prepare(self, reference, concern, search, who):
        super().prepare(reference, concern)
        self.terms = terms_kept(self.user, search)
        if self.terms is None and self.request.method != "POST":
            raise Http404
        self.new = who == NEW
        self.known = None if self.new else chosen(self.user, self.terms, who)
        self.form_class = AddNewcomerForm if self.new else AddKnownForm
        if not self.new and self.known is None and self.terms is not None:
            raise Http404
        self.hidden = who == MASKED or bool(self.known and self.known["hidden"])

    def form_asked(self):
        return AddNewcomerForm if self.kwargs.get("who") == NEW else AddKnownForm

    def get_title(self):
        if self.new:
            return "Add somebody new to this concern"
        return HIDDEN_NAME if self.hidden or self.known is None else self.known["person"].known_as

    @property
    def lead(self):
        return f"{self.said}."

    def form_kwargs(self):
        about = {"happened_on": self.concern.happened_on}
        if self.new:
            return about
        if self.known is None:
            return about | {"choices": known_form_kwargs({"hidden": True, "open_with": True})["choices"]}
        return about | {"birth": self._birth()} | known_form_kwargs(self.known)

    def _birth(self):
        person = self.known["person"]
        if self.hidden or person.born_on is None or person.birth_precision == BirthPrecision.EXPECTED:
            return None
        return Birth(person.known_as, person.born_on, person.birth_precision == BirthPrecision.ESTIMATED)

    def initial(self):
        return newcomer_initial(self.terms or {}) if self.new else {}

    def submit(self, form):
        if self.terms is None:
            raise NotReady(TOO_OLD)
        added = adding.add_to_concern(
            self.referral.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            concern=self.concern.reference,
            part=self._part(form),
        )
        self.done = self._said_of(added)
        return reverse("referrals:people_tab", args=[self.referral.reference])

    def _part(self, form):
        same = {"roles": form.parts(), "relationship": form.cleaned_data["relationship"]}
        if self.new:
            return Newcomer(details=form.details(), **same)
        because = form.cleaned_data.get("separate_because") or ""
        return Known(person=self.known["person"], attach=form.attach(), separate_because=because, **same)

    def _said_of(self, added):
        made = added.opened
        if made is None or not Referral.objects.visible_to(self.user).filter(pk=made.pk).exists():
            return sentence_of(added, self.user)
        return format_html(
            '{} is in the concern now, with a referral: <a class="govuk-notification-banner__link" href="{}">{}</a>.',
            added.person.known_as,
            reverse("referrals:case", args=[made.reference]),
            made.reference,
        )

    def context(self):
        seen = self.known if self.known and not self.hidden else None
        return {
            **super().context(),
            "about": one_line(seen["person"]) if seen else "",
            "open_with": seen["open_with"] if seen else "",
            "search_url": self.address("add_to_concern"),
        }
