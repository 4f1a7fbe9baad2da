"""Two records of one child: joining, parting, and saying that they are not the same (practice.md B22)."""

from functools import cached_property

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from hsb.core import access, door, words
from hsb.core.fetched import fetch
from hsb.core.models import Record
from hsb.core.pages import find
from hsb.core.refusals import AlreadyMoved, Denied
from referrals.forms.same_child import JoinForm, NeverLinkForm, NotTheSameForm, PartForm
from referrals.models import Person
from referrals.permissions import can_join
from referrals.selectors import parting, people, same_child, two_records
from referrals.selectors.person_details import one_line
from referrals.services import same_child as services
from referrals.views.bases import CaseFormPage, typed_in


class ShowsLikely:
    """The tab "People": who may be the same child. Whoever reads of others there has searched, and it is recorded."""

    @cached_property
    def likely(self):
        if not self.user.has_role(*people.SEARCHERS):
            return same_child.Likely({}, people.Found([]), [], "")
        return same_child.likely(self.user, self.referral.person)

    def look(self):
        if self.likely.found.rows:
            page = self.looked_at_as
            people.record_search(self.user, self.likely.terms, self.likely.found, page=page, record=self.record)
        else:
            super().look()

    def context(self):
        shown = same_child.on_the_tab(self.user, self.referral.person, self.likely, self.referral)
        return {**super().context(), "same_child": shown}


class FollowsJoined:
    """The address of a record that is joined to another leads to that one, for whoever may open it."""

    # The page it leads to, where that is not this page of the other record.
    leads_to = ""

    def dispatch(self, request, *args, **kwargs):
        stands = same_child.stands_for(kwargs["person"])
        if stands and Person.objects.visible_to(request.user).filter(record__reference=stands).exists():
            match = request.resolver_match
            named = {"reference": kwargs["reference"]} if self.leads_to else match.kwargs
            there = reverse(self.leads_to or match.view_name, kwargs={**named, "person": stands})
            if request.method == "POST" and isinstance(self, CaseFormPage):
                return self.joined_meanwhile(request, kwargs["person"], stands, there)
            return HttpResponseRedirect(there)
        return super().dispatch(request, *args, **kwargs)

    def joined_meanwhile(self, request, person, stands, there):
        """409: what was typed is about a record that stands no more. It is saved nowhere, and all in view."""
        last = door.last_moved(Record.objects.get(reference=person))
        moved = AlreadyMoved(reference=person, state=f"joined to {stands}", **last)
        typed = typed_in(self.form_asked(), request.POST)
        return render(request, "409_moved.html", {"moved": moved, "url": there, "typed": typed}, status=409)


class OfTwo(CaseFormPage):
    """A page of a manager about the child of this case and, by the reference in the address, another record."""

    tab = "people"

    def prepare(self, reference, person=""):
        super().prepare(reference)
        self.into = find(Person, self.referral.person.reference, self.user)
        if not can_join(self.into, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)
        if person:
            self.other = self.find_other(person)
        # Who looked is read on the child's own record, which both referrals share from now on.
        self.records = [self.into.record, *([self.other.record] if person else [])]

    def find_other(self, reference):
        return find(Person, reference, self.user)

    def look(self):
        access.look_at_each(self.user, [self.record, *self.records], self.looked_at_as)

    def people_url(self):
        return reverse("referrals:people_tab", args=[self.referral.reference])


class Seen:
    """What the page shows may move while somebody reads it: the digest of it is what is sent back."""

    def initial(self):
        return {**super().initial(), "seen": self.seen()}

    def versions_now(self, refusal):
        return {"seen": refusal.version}


class Join(Seen, OfTwo):
    template_name = "referrals/same_child/join.html"
    form_class = JoinForm
    looked_at_as = "join_person"
    title = "Join two records of one child"

    def seen(self):
        return self.two.seen

    @cached_property
    def two(self):
        self.cases_of_other = two_records.cases_of(self.other, self.user)
        return two_records.TwoRecords(self.into, self.other, beside=[self.cases_of_other])

    def form_kwargs(self):
        return {"differences": self.two.differences}

    def context(self):
        return {
            **super().context(),
            "into": _named(self.into),
            "other": _named(self.other),
            "columns": two_records.PREVIEW_COLUMNS,
            "moves": two_records.in_words(self.two.moves),
            "in_the_way": self.two.in_the_way(),
            "follows": self.two.what_follows(),
            "other_way_url": self._other_way(),
        }

    def _other_way(self):
        """The same page with the other record standing, inside a case of that one; "" where there is none."""
        referral = two_records.case_of(self.cases_of_other)
        return reverse("referrals:join_person", args=[referral.reference, self.into.reference]) if referral else ""

    def submit(self, form):
        services.join(
            self.into.reference,
            actor=self.user,
            person=self.other.reference,
            reason=form.cleaned_data["reason"],
            takes=form.takes(),
            seen=form.cleaned_data["seen"],
        )
        self.done = f"{self.other.reference} is joined to {self.into.reference}."
        if (referral := two_records.attach_next(self.into, self.user)) is not None:
            self.done = format_html(
                '{} The child has two open referrals now. Next, attach <a class="govuk-notification-banner__link" '
                'href="{}">{}</a> to the other.',
                self.done,
                reverse("referrals:attach", args=[referral.reference]),
                referral.reference,
            )
        return self.people_url()

    def conflicts(self, form, refusal):
        return _what_was_typed(form)


class Part(Seen, OfTwo):
    template_name = "referrals/same_child/part.html"
    form_class = PartForm
    looked_at_as = "part_person"
    title = "Part two records"

    def find_other(self, reference):
        self.joined = next((one for one in same_child.joins_into(self.into) if one.person.reference == reference), None)
        if self.joined is None:
            raise Http404
        return self.joined.person

    @cached_property
    def plan(self):
        self.markers = parting.markers_that_stay(self.joined)
        return parting.parting(self.joined, beside=[self.markers])

    def seen(self):
        return self.plan.seen

    def form_kwargs(self):
        return {"added": [(each.code, parting.called(each)) for each in self.plan.added]}

    def initial(self):
        return {**super().initial(), "chosen": parting.suggested(self.plan)}

    def context(self):
        plan = self.plan
        return {
            **super().context(),
            "into": _named(self.into),
            "other": _named(self.other),
            "joined": self.joined,
            "goes": [parting.called(each) for each in plan.goes],
            "stays": [parting.called(each) for each in plan.stays],
            "in_the_way": plan.in_the_way,
            "afterwards": parting.after_parting(self.joined, self.markers),
        }

    def submit(self, form):
        services.part(
            self.into.reference,
            actor=self.user,
            person=self.other.reference,
            reason=form.cleaned_data["reason"],
            chosen=form.cleaned_data.get("chosen") or (),
            seen=form.cleaned_data["seen"],
        )
        self.done = f"{self.other.reference} is a record of its own again."
        return self.people_url() if self._still_opens() else reverse("overview:my_work")

    def _still_opens(self):
        """The case through which it was parted may be the other child's again."""
        return access.opens(self.user, self.referral)

    def conflicts(self, form, refusal):
        return _what_was_typed(form)


class NotTheSame(OfTwo):
    form_class = NotTheSameForm
    looked_at_as = "not_the_same"
    title = "Not the same person"
    done = "It is recorded that they are not the same person."

    def find_other(self, reference):
        """Somebody whom the list offers: of an ordinary record of another team name and date of birth are enough."""
        found, opens, locks = fetch(
            Person.at(reference), Person.at(reference).visible_to(self.user), same_child.asking_locks(self.into)
        )
        offered = {row["reference"]: row for row in same_child.likely(self.user, self.into, locks).rows}
        self.offered = offered.get(reference)
        return found[0] if self.offered or opens else find(Person, reference, self.user)

    @property
    def lead(self):
        row = self.offered
        whom = f"{row['name']} ({words.lower_first(row['said'])})" if row else self.other.full_name
        return (
            f"{self.into.known_as}, {self.into.reference}, and {whom}, {self.other.reference}: the pair is never "
            "offered again, and the records cannot be joined. Both journals say so."
        )

    def submit(self, form):
        services.say_not_the_same(
            self.into.reference,
            actor=self.user,
            person=self.other.reference,
            reason=form.cleaned_data["reason"],
        )
        return self.people_url()


class NeverLink(OfTwo):
    form_class = NeverLinkForm
    looked_at_as = "never_link"
    title = "Adopted: never linked"
    lead = (
        "An adopted child has a new identity. This record is then offered for nobody, and nobody for it; it cannot be "
        "joined to any other. Which other record it might be is written down nowhere: that would be the link."
    )
    done = "This child is never linked with another record."

    def submit(self, form):
        services.never_link(self.into.reference, actor=self.user, reason=form.cleaned_data["reason"])
        return self.people_url()


def _named(person):
    return {"reference": person.reference, "name": person.full_name, "said": one_line(person)}


def _what_was_typed(form):
    return [{"label": "Your reason", "name": "reason", "theirs": "", "yours": form["reason"].value() or ""}]
