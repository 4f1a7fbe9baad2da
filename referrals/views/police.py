"""Calls to the police, and Form 87A: asked for, drafted, approved, sent, answered, or excused."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hsb.core import access, document_store, door, uploads
from hsb.core.borough_words import police_form, said
from hsb.core.refusals import AlreadyMoved
from hsb.core.states import AccessKind
from referrals import documents
from referrals.forms.police import (
    ACKNOWLEDGED,
    APPROVE,
    AfterRefusalForm,
    AskPoliceForm,
    LiftAdviceForm,
    PoliceAnswerForm,
    PoliceApproveForm,
    PoliceCallForm,
    PoliceDraftForm,
    PoliceExcuseForm,
    PoliceSentForm,
)
from referrals.permissions import can_lift_advice, can_write_police_referral
from referrals.selectors import deeds
from referrals.selectors import police as selectors
from referrals.selectors.beside import advice_in_words
from referrals.selectors.concerns import reported_in
from referrals.selectors.police_draft import beside_draft
from referrals.selectors.police_missing import missing
from referrals.selectors.police_refusals import after_refusal, refused_form
from referrals.selectors.police_supplements import unapproved
from referrals.selectors.reading import Reading
from referrals.services import police, police_refusals, urgent
from referrals.services.weighing import Weighed
from referrals.views.bases import CasePage
from referrals.views.urgent import CarriedOn
from referrals.views.verb import VerbPage


class PoliceCall(CarriedOn):
    form_class = PoliceCallForm
    deed = "police_call"
    title = "Record a call to the police"
    lead = "Make the call first. What was said is kept as something shared with the police."

    def form_kwargs(self):
        return {"concerns": self.reading.concerns}

    def submit(self, form):
        cleaned = form.cleaned_data
        referral = urgent.record_police_call(
            self.referral.reference,
            actor=self.user,
            once=cleaned["once"],
            emergency=cleaned["emergency"],
            called_on=cleaned["called"].day,
            called_at=cleaned["called"].time,
            spoke_to=cleaned["spoke_to"],
            police_reference=cleaned["police_reference"],
            what_was_said=cleaned["what_was_said"],
            advice=cleaned["advice"],
            advice_for=cleaned.get("advice_for") or (),
        )
        return self.carried_by(referral, "The call to the police")


class LiftAdvice(VerbPage):
    form_class = LiftAdviceForm
    deed = "lift_advice"
    title = "Record that the police lifted their advice"
    lead = "It then stands first on no child's record any more, and can still be read with the call."

    def standing_calls(self):
        calls = self.reading.advice_that_stands
        return {str(call.once): call for call in calls if can_lift_advice(call, self.user)}

    def form_kwargs(self):
        return {"calls": [(key, advice_in_words(call)) for key, call in self.standing_calls().items()]}

    def submit(self, form):
        urgent.lift_advice(
            self.referral.reference,
            actor=self.user,
            call=self.standing_calls()[form.cleaned_data["call"]],
            lifted_on=form.cleaned_data["lifted_on"],
            reason=form.cleaned_data["reason"],
        )
        return self.after("Recorded: the police lifted their advice.")


class PoliceForms(CasePage):
    """Every Form 87A of the referral's concerns: where each stands, what is next, its versions."""

    template_name = "referrals/police/forms.html"
    looked_at_as = "police_forms"

    def get_title(self):
        return police_form()

    def context(self):
        return {**super().context(), "police": selectors.forms_of(self.referral, self.user)}


class PoliceReferral(CasePage):
    """Where the task leads: on to the step that is the reader's, or to the page with all of it."""

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(selectors.next_url(Reading.of(self.referral, self.user)))


class AskPoliceReferral(VerbPage):
    form_class = AskPoliceForm
    deed = "ask_police_form"
    title = said("Ask for {form}")
    lead = "At any category, where a crime is suspected. One form covers the concern and all its children."

    def form_kwargs(self):
        return {"concerns": self.reading.concerns_without_police_form}

    def submit(self, form):
        police.ask_for_police_referral(
            self.referral.reference,
            actor=self.user,
            concern=form.cleaned_data["concern"],
            grounds=form.cleaned_data["grounds"],
        )
        self.done = f"{police_form()} is needed. Call the police first, then draft it."
        return reverse("referrals:police_forms", args=[self.referral.reference])


class OnABasisStep:
    """A step on which it is said on what basis it is shared: what stands of consent, of every child it covers."""

    @property
    def version_before(self):
        """What this one is written after."""
        return self.version_in_work

    @property
    def consent_url(self):
        return reverse("referrals:consent", args=[self.referral.reference])

    def form_kwargs(self):
        return beside_draft(self.police_referral.children(), self.user, self.version_before)

    def look(self):
        """What the other children's records say of consent stands on the page too."""
        children = self.police_referral.children()
        access.look_at_each(self.user, [self.record, *(child.record for child in children)], self.looked_at_as)


class PoliceStep(VerbPage):
    """One step of one Form 87A. `deed` is the key of selectors.police.STEPS."""

    template_name = "referrals/police/step.html"
    shows_version = False
    of_the_draft = False  # shows why an earlier version was sent back, and the pack as it would be

    @property
    def preview_url(self):
        """The pack as it would be, while it is not approved; for who may open every child it covers."""
        each = self.police_referral
        if unapproved(each) is None or not each.opens_for(self.user):
            return ""
        return selectors.step_url("police_preview", self.referral, each)

    def find_standing(self, about):
        self.police_referral = selectors.of_referral(self.reading, about)
        if self.police_referral is None:
            raise Http404
        in_time, allowed, unmet = selectors.standing_of(self.police_referral, self.deed, self.user)
        if not in_time:
            raise self.moved_on()
        return deeds.Standing(deeds.Deed(self.deed, "", "Before this can be done"), in_time, allowed, unmet)

    def moved_on(self):
        state = f"{police_form()}: {self.police_referral.get_state_display().lower()}"
        last = door.last_moved(self.police_referral.record)
        return AlreadyMoved(reference=self.referral.reference, state=state, **last)

    @property
    def version_in_work(self):
        return self.police_referral.latest_form()

    def sent_back(self):
        return selectors.sent_back(self.police_referral)

    def initial(self):
        return {**super().initial(), "version": self.police_referral.version}

    def context(self):
        form = self.version_in_work
        return {
            **super().context(),
            "shown": {
                "rows": [row for row in selectors.version_rows(form) if row["value"]] if form else [],
                "texts": selectors.texts_of(form) if form else [],
            },
            "sent_back": self.sent_back() if self.of_the_draft else [],
            "changed": selectors.changed_since_decided(self.police_referral, form) if self.shows_version else None,
            "missing": missing(self.police_referral, self.user) if self.of_the_draft else [],
            "packs": selectors.packs_of(self.referral, self.police_referral, form, self.user) if form else [],
            "calls": selectors.calls_about(self.police_referral, self.reading),
        }

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except AlreadyMoved:
            # The form moved while this page was open: it is named by the referral on whose pages it stands.
            self.police_referral.refresh_from_db(fields=["state", "version"])
            raise self.moved_on() from None

    def back(self, done):
        self.after(done)
        return reverse("referrals:police_forms", args=[self.referral.reference])


class PoliceDraft(OnABasisStep, PoliceStep):
    form_class = PoliceDraftForm
    deed = "police_draft"
    of_the_draft = True
    lead = (
        "What is recorded is put in already: read it, and change what does not belong. The HSB risk assessment of each "
        "child goes with it. Somebody else approves it before it is sent."
    )

    def get_title(self):
        return f"Draft {police_form()}"

    def initial(self):
        form, concern = self.version_in_work, self.police_referral.concern
        if form is None:
            told = {"recipient": selectors.recipient(), "known": reported_in(concern, self.user), "asked": ""}
        else:
            told = {name: getattr(form, name) for name in police.DRAFTED}
        return {**super().initial(), **told}

    def submit(self, form):
        cleaned = form.cleaned_data
        police.draft(
            self.police_referral.reference,
            actor=self.user,
            on=self.referral.reference,
            content=police.Draft(**{name: cleaned[name] for name in police.DRAFTED}),
            addresses=form.addresses(),
            version=cleaned["version"],
        )
        return self.back(f"{police_form()} is drafted. A manager who did not write it approves it next.")


class Approval(PoliceStep):
    """Approved, or returned to whoever drafted it: `service` has both verbs, `once_approved` says that it was."""

    form_class = PoliceApproveForm
    shows_version = of_the_draft = True
    lead = "The pack is made as it stands here, with the HSB risk assessment of each child."
    service = None
    once_approved = ""

    def submit(self, form):
        cleaned = form.cleaned_data
        same = {"actor": self.user, "version": cleaned["version"]}
        if cleaned["decision"] == APPROVE:
            self.service.approve(self.police_referral.reference, **same)
            return self.back(self.once_approved)
        self.service.return_to_drafter(self.police_referral.reference, reason=cleaned["reason"], **same)
        return self.back("Returned to whoever drafted it, with your reason.")


class PoliceApprove(Approval):
    deed = "police_approve"
    service = police

    def get_title(self):
        return f"Approve {police_form()}"

    @property
    def once_approved(self):
        return f"{police_form()} is approved. It is sent next, today."


class Sending(PoliceStep):
    """It went out: `service` records it, `once_sent` says that it was recorded."""

    form_class = PoliceSentForm
    lead = "Send the pack first, as it was approved. Then record here how it went out."
    service = None
    once_sent = ""

    def initial(self):
        form = self.version_in_work
        return {**super().initial(), "sent_to": form.recipient if form else ""}

    def submit(self, form):
        cleaned = form.cleaned_data
        self.service.record_sent(
            self.police_referral.reference,
            actor=self.user,
            sent_to=cleaned["sent_to"],
            sent_how=cleaned["sent_how"],
            sent_on=cleaned["sent"].day,
            sent_at=cleaned["sent"].time,
            version=cleaned["version"],
        )
        return self.back(self.once_sent)


class PoliceSent(Sending):
    deed = "police_sent"
    service = police

    def get_title(self):
        return f"Record that {police_form()} was sent"

    @property
    def once_sent(self):
        return f"{police_form()} is recorded as sent."


class AnswerOfThePolice(PoliceStep):
    """They acknowledged what was sent, or refused it: `service` has both verbs, `once_…` says what was recorded."""

    form_class = PoliceAnswerForm
    service = None
    once_acknowledged = once_refused = ""

    def submit(self, form):
        cleaned = form.cleaned_data
        same = {"actor": self.user, "version": cleaned["version"]}
        if cleaned["answer"] == ACKNOWLEDGED:
            self.service.acknowledge(
                self.police_referral.reference,
                acknowledged_on=cleaned["acknowledged_on"],
                police_reference=cleaned["police_reference"],
                officer=cleaned["officer"],
                **same,
            )
            return self.back(self.once_acknowledged)
        self.service.refuse(
            self.police_referral.reference,
            refused_on=cleaned["refused_on"],
            refused_by=cleaned["refused_by"],
            reason=cleaned["refusal"],
            done=police_refusals.Done(**form.done()),
            **same,
        )
        return self.back(self.once_refused)


class PoliceAnswer(AnswerOfThePolice):
    deed = "police_answer"
    title = "Record what the police answered"
    service = police
    once_acknowledged = "Recorded: the police have it."

    @property
    def once_refused(self):
        return f"Recorded: the police refused it. {police_form()} is outstanding until it is sent again, or decided on."

    def form_kwargs(self):
        return {"acknowledged": not door.may(self.police_referral, "acknowledge", self.user)}


class PoliceRefusal(PoliceStep):
    """What was done since the police refused one version: several can be added, and none is changed."""

    form_class = AfterRefusalForm
    deed = "police_refusal"
    title = "Record what was done after the police refused it"
    template_name = "referrals/police/refusal.html"

    def prepare(self, reference, about, number):
        self.number = number
        super().prepare(reference, about=about)

    def find_standing(self, about):
        self.police_referral = selectors.of_referral(self.reading, about)
        self.was_refused = self.police_referral and refused_form(self.police_referral, self.number)
        if not self.was_refused:
            raise Http404
        allowed = can_write_police_referral(self.police_referral, self.user)
        return deeds.Standing(deeds.Deed(self.deed, self.title), True, allowed)

    @property
    def version_in_work(self):
        return self.was_refused

    def form_kwargs(self):
        return {"supplement": self.was_refused.supplement_to_id is not None}

    def initial(self):
        return {}

    def context(self):
        selectors.read_with([self.was_refused], self.reading.calls_of_its_forms)
        return {
            **super().context(),
            "after": after_refusal(self.referral, self.police_referral, self.was_refused, self.user),
        }

    def submit(self, form):
        police.record_after_refusal(
            self.police_referral.reference,
            actor=self.user,
            number=self.number,
            done=police_refusals.Done(**form.done()),
            once=form.cleaned_data["once"],
        )
        return self.back("Recorded: what was done after the police refused it.")


class PoliceExcuse(PoliceStep):
    form_class = PoliceExcuseForm
    deed = "police_excuse"

    def get_title(self):
        return f"Record why {police_form()} is not sent, or no longer needed"

    def submit(self, form):
        police.excuse(
            self.police_referral.reference,
            actor=self.user,
            exit_=form.cleaned_data["decision"],
            reason=form.reason(),
            weighed=Weighed(**form.weighed()),
            version=form.cleaned_data["version"],
        )
        return self.back(f"Recorded, with your reason: {police_form()} is not sent.")


class PolicePaper(CasePage):
    """A paper with something of every child that a form covers, for who may open all of them.

    Override `find_form(**kwargs)`, which gives the version or None, and `may(user)`.
    """

    def prepare(self, reference, about, **kwargs):
        super().prepare(reference=reference)
        self.police_referral = selectors.of_referral(Reading.of(self.referral, self.user), about)
        self.form = self.find_form(**kwargs) if self.police_referral is not None else None
        if self.form is None:
            raise Http404
        if not self.may(self.user):
            access.refused(self.user, self.police_referral.record, self.looked_at_as)
            raise Http404

    def head(self, request, *args, **kwargs):
        """The paper is made for it too, so it is looked at too."""
        self.look()
        return self.get(request, *args, **kwargs)

    def look(self):
        """On the record of every child who is in it."""
        records = [child.record for child in self.police_referral.children()]
        access.look_at_each(self.user, records, self.looked_at_as, kind=AccessKind.DOCUMENT)


class PolicePack(PolicePaper):
    """The pack itself, as it was approved."""

    looked_at_as = "police_pack"

    def find_form(self, number):
        form = self.police_referral.forms.filter(number=number, document__isnull=False)
        return form.select_related("document__record").first()

    def may(self, user):
        return self.police_referral.opens_for(user) and self.form.addresses_open_to(user)

    def get(self, request, *args, **kwargs):
        document = self.form.document
        response = HttpResponse(document_store.content(document), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{document.reference}.pdf"'
        return response


class PolicePackWord(PolicePack):
    """The same pack as a Word document, for the same people; one that was approved before there were any has none."""

    looked_at_as = "police_pack_word"

    def find_form(self, number):
        form = self.police_referral.forms.filter(number=number, word_document__isnull=False)
        return form.select_related("word_document__record").first()

    def get(self, request, *args, **kwargs):
        document = self.form.word_document
        response = HttpResponse(document_store.content(document), content_type=uploads.CONTENT_TYPES["docx"])
        response["Content-Disposition"] = f'attachment; filename="{document.reference}.docx"'
        return response


class PolicePreview(PolicePaper):
    """The pack as it would be made now, for whoever may draft or approve it: drawn for this reader, and not kept."""

    looked_at_as = "police_preview"

    def find_form(self):
        return unapproved(self.police_referral)

    def may(self, user):
        return can_write_police_referral(self.police_referral, user)

    def get(self, request, *args, **kwargs):
        pdf = documents.preview(self.police_referral, self.form, self.user)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.police_referral.reference}-draft.pdf"'
        return response
