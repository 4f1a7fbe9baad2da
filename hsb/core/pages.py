"""The bases of our pages: a page that shows, a page that asks and makes one service call, a page that moves.

What they share: the record comes through `visible_to` (else 404), looking is recorded, a service's refusal
(`NotReady`) stands beside the form and keeps what was typed, a stale form gets the page with both versions, and
what was typed in a locked session comes back.
"""

from django.contrib import messages
from django.db.models import CharField
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from hsb.core import access, composed, door, drafts
from hsb.core.asked_once import looking, marked
from hsb.core.composed import Given
from hsb.core.forms import ColleagueField
from hsb.core.govuk import Typed
from hsb.core.refusals import AlreadyMoved, Changed, NotReady
from hsb.core.riding import announce

ASKED_FOR = Given("reference", CharField())
# In a draft that somebody else overtook: what stands now is shown beside it.
BESIDE = "stands_beside"

# What was sent was refused, or is asked about once more: the page, with what stands on it, was shown again.
SHOWN_AGAIN = (200, 409, 422)


def find(model, reference, user, beside=None, rights=None):
    """The row of `model` that `reference` names, if `user` may open it; Http404 otherwise (never 403).

    `beside` (a function of no arguments, of a module) gives what is read with it: {name of the attribute: expression};
    `rights` (one of the user) the same of what depends on who asks.

    Who asked for a record and was not let in stands on it: "Who looked" shows every refusal.
    """

    def rows():
        columns = (beside() if beside else {}) | (rights(user) if rights else {})
        return model.at(ASKED_FOR).visible_to(user).annotate(**columns)

    key = ("page of", model, beside, rights, access.rights_today(user))
    found = composed.kept(key, rows).one(reference=reference)
    if found is None:
        hidden = model.at(reference).first()
        if hidden is not None:
            access.refused(user, hidden.record, "page")
        raise Http404
    return marked(found)


class Page(View):
    """A page that shows. Subclasses set `template_name` and `title`, and override `prepare` and `context`."""

    template_name = ""
    title = ""
    # What the access record calls this page; empty where no child's record is read.
    looked_at_as = ""
    http_method_names = ["get", "head", "options"]

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.user = request.user
        self.record = None

    def dispatch(self, request, *args, **kwargs):
        if request.method == "GET":
            announce(*self.asked_beside())
            with looking():
                self.prepare(**kwargs)
                self.look()
                return super().dispatch(request, *args, **kwargs)
        self.prepare(**kwargs)
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST" and response.status_code in SHOWN_AGAIN:
            self.look()
        return response

    def asked_beside(self):
        """Questions of this page that are known before anything is read: asked with the first one (riding.py)."""
        return ()

    def look(self):
        if self.looked_at_as and self.record is not None:
            access.look(self.user, self.record, self.looked_at_as)

    def prepare(self, **kwargs):
        """Gets what the URL names, through `visible_to`; sets `self.record` where it is a child's record."""

    def context(self):
        """What the template shows beside `title`."""
        return {}

    def get(self, request, *args, **kwargs):
        return self.show()

    def show(self, status=200, **more):
        context = {"title": self.get_title(), "page": self, **self.context(), **more}
        return render(self.request, self.template_name, context, status=status)

    def get_title(self):
        return self.title


class FormPage(Page):
    """A page that asks: GET shows the form, POST makes one service call (`submit`) and redirects.

    Set `form_class`; override `submit(form)` to call the service and return where to go next (a URL).
    """

    form_class = None
    template_name = "form_page.html"
    button = "Save and continue"
    http_method_names = ["get", "head", "post", "options"]
    # Sentence for the banner after success; empty for none.
    done = ""

    def form_kwargs(self):
        return {}

    def initial(self):
        return {}

    def asked_beside(self):
        return [drafts.asking(self.user, drafts.PAGE, self.request.path)] if self.user.is_authenticated else []

    def blank_form(self):
        return self.form_class(initial=self.initial(), **self.form_kwargs())

    def bound_form(self, data, files=None):
        return self.form_class(data, files, initial=self.initial(), **self.form_kwargs())

    def submit(self, form):
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        draft = drafts.kept(self.user, drafts.PAGE, request.path)
        if draft is None or not self.takes_up(draft):
            return self.show(form=self.blank_form())
        form = self.restored(draft)
        beside = self.stands_beside(form) if draft.data.get(BESIDE) else []
        return self.show(form=form, kept_at=timezone.localtime(draft.saved_at), stands_beside=beside)

    def post(self, request, *args, **kwargs):
        if "throw_away_draft" in request.POST:
            drafts.drop(self.user, drafts.PAGE, request.path)
            return HttpResponseRedirect(request.path)
        form = self.bound_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.refused(form)
        try:
            url = self.submit(form)
        except NotReady as refusal:
            return self.refused(form, *refusal.sentences)
        except Changed as refusal:
            return self.both_versions(form, refusal)
        drafts.drop(self.user, drafts.PAGE, request.path)
        if self.done:
            messages.success(request, self.done)
        return HttpResponseRedirect(url)

    def stands_beside(self, form):
        """Where the draft that somebody else overtook differs from what stands now: rows of a summary list."""
        now = self.blank_form()
        rows = []
        for name, field in now.fields.items():
            stands, typed = _said(now[name]), _said(form[name])
            if not field.widget.is_hidden and stands != typed:
                rows.append({"label": field.label or name, "value": stands or "Nothing recorded"})
        return rows

    def takes_up(self, draft):
        """Whether what was kept is about what stands at this address now."""
        return True

    def refused(self, form, *sentences):
        """422: the form again, with what was typed and why not, beside the `sentences` of a service.

        Who leaves the page now finds what was typed when the page is opened again: nothing typed is lost (B19).
        """
        for sentence in sentences:
            form.add_error(None, sentence)
        drafts.keep_page(self.user, self.request.path, self.request.POST)
        return self.show(status=422, form=form)

    def restored(self, draft):
        """The form filled with what was kept, without complaining about what is still missing."""
        kept = QueryDict(mutable=True)
        for name, values in draft.data.items():
            kept.setlist(name, values)
        form = self.bound_form(kept)
        form._errors = {}
        return form

    def both_versions(self, form, refusal):
        """409: what stands now beside what was typed, field by field; nothing typed is lost."""
        # With the version that is shown now: with its own, the page opened again would be refused again, for ever; and
        # of a change after this one its author must be told as well.
        typed = self.request.POST.copy()
        for name, version in self.versions_now(refusal).items():
            typed[name] = str(version)
        typed[BESIDE] = "1"
        drafts.keep_page(self.user, self.request.path, typed)
        return render(
            self.request,
            "409.html",
            {
                "title": "Somebody else changed this first",
                "conflicts": self.conflicts(form, refusal),
                "who": refusal.who,
                "when": refusal.when,
                "url": self.request.path,
            },
            status=409,
        )

    def versions_now(self, refusal):
        """Hidden field -> the version that it holds when the page is opened again."""
        return {} if refusal.version is None else {"version": refusal.version}

    def conflicts(self, form, refusal):
        """Both versions of every field: dicts with label, name, theirs and yours."""
        return [
            {
                "label": form.fields[name].label or name,
                "name": name,
                "theirs": refusal.now.get(name, ""),
                "yours": _as_text(form[name].value()),
            }
            for name in form.fields
            if name not in {"version", "once"}
        ]


class Refusing:
    """What a verb gets that comes too late: 409 with who was first and when; what was typed stays in view.

    Stands before FormPage. The page says what it is about: `record`, `state_in_words` and `subject_url`, where the
    refusal leads back to.
    """

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except AlreadyMoved as refusal:
            return self.moved(refusal)

    def moved(self, refusal):
        return self.show_moved(refusal, self.subject_url)

    def show_moved(self, refusal, url, template="409_moved.html"):
        """409: `template` for what was sent; a page that was opened at a wrong time says so."""
        if self.request.method != "POST":
            template = "not_now.html"
        context = {"title": "This has already moved", "moved": refusal, "url": url, "typed": self.typed()}
        return render(self.request, template, context, status=409)

    def typed(self):
        """The sentences that were typed: [{"label", "text"}]."""
        asked = self.form_class.base_fields.items() if self.form_class else ()
        return [
            {"label": field.label, "text": text}
            for name, field in asked
            if (text := _sentences(field, name, self.request.POST)).strip()
        ]

    def refuse_as_moved(self):
        raise AlreadyMoved(
            reference=self.record.reference,
            state=self.state_in_words,
            verb=self.looked_at_as,
            **door.last_moved(self.record),
        )


def _sentences(field, name, sent):
    """What was sent of a text or of names that somebody typed; "" of every other question."""
    if isinstance(field, ColleagueField):
        return ", ".join(field.widget.value_from_datadict(sent, {}, name))
    return sent.get(name, "") if "rows" in field.widget.attrs else ""


def _said(bound):
    """What a field holds, in the words of its choices."""
    value = bound.value()
    words = {
        str(code): label for code, label in getattr(bound.field, "choices", ()) if not isinstance(label, (list, tuple))
    }
    values = value if isinstance(value, (list, tuple)) else [value]
    return _as_text([words.get(str(each), each) for each in values]) if words else _as_text(value)


def _as_text(value):
    if isinstance(value, (list, tuple)):
        return (", " if any(isinstance(v, Typed) for v in value) else " ").join(str(v) for v in value if v)
    return "" if value is None else str(value)
