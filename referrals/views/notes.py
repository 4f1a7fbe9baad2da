"""Case notes: the tab, writing one (a draft until it is final), reading one, correcting it."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from hsb.core import drafts
from hsb.core.refusals import Denied
from referrals.forms.notes import AsOfForm, CorrectionForm, NoteForm, NoteTellingForm
from referrals.models import CaseNote
from referrals.permissions import can_correct_note, can_hold_back
from referrals.selectors import deeds
from referrals.selectors import notes as reading
from referrals.selectors.reading import Reading
from referrals.services import notes, telling
from referrals.states import NoteKind
from referrals.views.bases import CasePage
from referrals.views.verb import VerbPage

DAY_PARTS = ("as_of_day", "as_of_month", "as_of_year")


class CaseNotes(CasePage):
    """The tab: `?kind=` narrows it, `?as_of_day=&as_of_month=&as_of_year=` reads it as it stood on a day."""

    template_name = "referrals/notes.html"
    looked_at_as = "notes"
    tab = "notes"
    title = "Notes"

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        asked = self.request.GET
        self.kind = asked.get("kind", "") if asked.get("kind") in NoteKind.values else ""
        asks = any(asked.get(part, "").strip() for part in DAY_PARTS)
        self.form = AsOfForm(asked if asks else None, initial={"kind": self.kind})
        self.as_of = self.form.cleaned_data["as_of"] if self.form.is_valid() else None

    def context(self):
        before = self.request.GET.get("before", "")
        found = reading.notes(self.referral, self.user, kind=self.kind, before=before, as_of=self.as_of)
        now = self.as_of is None
        return {
            **super().context(),
            "form": self.form,
            "notes": found,
            "as_of": self.as_of,
            "size": reading.PAGE_SIZE,
            "drafts": reading.drafts_of(self.referral, self.user) if now else [],
            "write_url": self._write_url() if now else "",
            "now_url": "" if now else self._address(as_of=False),
            "kinds": [
                {"text": text, "url": self._address(kind=code), "current": self.kind == code}
                for code, text in (("", "All"), *NoteKind.choices)
            ],
            "next_url": self._address(before=found["next"]) if found["next"] else "",
            "first_url": "" if found["first"] else self._address(),
        }

    def _write_url(self):
        standing = deeds.standing(Reading.of(self.referral, self.user), "write_note")
        return deeds.url_of("write_note", self.referral) if standing.opens else ""

    def _address(self, *, kind=None, before="", as_of=True):
        """This page, narrowed as it is unless told otherwise."""
        asked = {"kind": self.kind if kind is None else kind, "before": before}
        if as_of and self.as_of is not None:
            asked |= dict(zip(DAY_PARTS, (self.as_of.day, self.as_of.month, self.as_of.year), strict=True))
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.request.path}?{query}" if query else self.request.path


class WriteNote(CasePage):
    """Each note is begun at an address of its own: a second one does not write over the first one's draft."""

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(reverse("referrals:draft_note", args=[self.referral.reference, uuid4()]))


class DraftNote(VerbPage):
    template_name = "referrals/notes_write.html"
    form_class = NoteForm
    deed = "write_note"
    title = "Write a note"
    done = "The note is final. Nobody can change it: what is wrong in it is corrected underneath."

    def prepare(self, reference, key, **kwargs):
        super().prepare(reference, key=key, **kwargs)
        self.once = reading.once_of(key, self.user)

    def initial(self):
        return {}

    def form_kwargs(self):
        return {"kinds": reading.kinds_for(self.referral, self.user)}

    @property
    def warning(self):
        return " ".join(self.standing.unmet)

    def get(self, request, *args, **kwargs):
        final = CaseNote.objects.filter(referral=self.referral, once=self.once).first()
        if final is not None:
            return HttpResponseRedirect(note_url(final))
        if drafts.kept(self.user, drafts.PAGE, request.path) is not None:
            # What was typed is shown to its author also where the referral has ended since.
            return super(VerbPage, self).get(request, *args, **kwargs)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if "later" in request.POST:
            return self.keep_as_draft()
        return super().post(request, *args, **kwargs)

    def keep_as_draft(self):
        typed = self.request.POST.copy()
        del typed["later"]
        form = self.bound_form(typed)
        if drafts.keep_page(self.user, self.request.path, typed) is None:
            return self.refused(form, "This is too long to be kept as a draft: shorten it first.")
        messages.success(self.request, "Kept as a draft. Only you can see it.")
        return HttpResponseRedirect(reverse("referrals:notes", args=[self.referral.reference]))

    def submit(self, form):
        typed = dict(form.cleaned_data)
        happened = typed.pop("happened")
        note = notes.write_note(
            self.referral.reference,
            actor=self.user,
            once=self.once,
            happened_on=happened.day,
            happened_at=happened.time,
            **typed,
        )
        return note_url(note)


class OfNote(CasePage):
    """A page about one final note of the referral; 404 where there is no such note."""

    tab = "notes"

    def prepare(self, reference, number, **kwargs):
        super().prepare(reference, **kwargs)
        self.note = note_at(self.referral, number)


class NotePage(OfNote):
    """The note in full. Whoever was asked to read it says here that they have."""

    template_name = "referrals/notes_one.html"
    looked_at_as = "note"
    title = "Note"
    http_method_names = ["get", "head", "post", "options"]

    def context(self):
        return {**super().context(), "note": reading.one_note(self.referral, self.user, self.note)}

    def post(self, request, *args, **kwargs):
        notes.read_note(self.note.reference, actor=self.user)
        return HttpResponseRedirect(request.path)


class NoteVerb(VerbPage):
    """A page on which something is done about one final note of the referral."""

    def prepare(self, reference, number, **kwargs):
        super(VerbPage, self).prepare(reference)
        self.note = note_at(self.referral, number)
        self.standing = self.find_standing()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)


class CorrectNote(NoteVerb):
    template_name = "referrals/notes_correct.html"
    form_class = CorrectionForm
    deed = "correct_note"
    title = "Correct a note"
    lead = "The note stays as it was written. Your correction stands under it, with your name and the time."
    done = "The correction stands under the note."

    def find_standing(self, **kwargs):
        unmet = () if reading.may_correct(self.note, self.referral, self.user) else (reading.ENDED,)
        what = deeds.Deed(self.deed, self.title, "Before this note can be corrected")
        return deeds.Standing(what, in_time=True, allowed=can_correct_note(self.note, self.user), unmet=unmet)

    def initial(self):
        return {"version": self.note.corrections.count()}

    def context(self):
        return {**super().context(), "note": reading.one_note(self.referral, self.user, self.note)}

    def submit(self, form):
        notes.correct_note(self.note.reference, actor=self.user, **form.cleaned_data)
        return note_url(self.note)


class TellingOfNote(NoteVerb):
    """Whether the family is told of a note: held back by whoever works with the case, told again by a manager."""

    form_class = NoteTellingForm
    deed = "note_telling"
    title = "What the family is told of this note"
    lead = "While it is held back the warning stands on the note, and no letter to a family says what it says."

    def find_standing(self, **kwargs):
        self.choices = reading.telling_choices(self.note, self.user)
        unmet = () if self.choices else ("A manager decides when the family can be told.",)
        what = deeds.Deed(self.deed, self.title, "Before something else can be decided")
        return deeds.Standing(what, in_time=True, allowed=can_hold_back(self.referral, self.user), unmet=unmet)

    def initial(self):
        return {}

    def form_kwargs(self):
        return {"choices": self.choices}

    def submit(self, form):
        decide = telling.tell_note if form.cleaned_data["decision"] == reading.TELL else telling.hold_note_back
        decide(self.note.reference, actor=self.user, reason=form.cleaned_data["reason"])
        self.done = "Recorded."
        return note_url(self.note)


def note_at(referral, number):
    """The final note of that number on the referral; Http404 otherwise."""
    note = reading.note_at(referral, number)
    if note is None:
        raise Http404
    return note


def note_url(note):
    return reverse("referrals:note", args=[note.referral.reference, note.number])
