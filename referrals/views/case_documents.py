"""Documents that people bring to a child's record: the tab, adding one, opening one, taking one out."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from hsb.core import access, document_store, uploads
from hsb.core.borough_words import police_form
from hsb.core.states import AccessKind
from referrals.forms.case_documents import AddDocumentForm, HoldBackForm, LetDiscloseForm, TakeOutForm
from referrals.permissions import can_hold_back, can_see, can_take_out_document, can_tell_again
from referrals.selectors.case_documents import documents_tab, read_through, takes_documents
from referrals.services import case_documents
from referrals.views.bases import CasePage
from referrals.views.verb import TabVerb

# Beside the place where a file is chosen (practice.md A33).
NEVER = (
    "Never add an image or a video of sexual content, of anybody, for whatever reason. Having or passing on such an "
    "image of a child is an offence, for a professional too. Do not look for it, open it, copy it or send it on. Leave "
    "the device as it is and call the police: 999 if a child is in danger now, 101 otherwise. Here, write only that it "
    "was seen, where, and who has the device."
)


class Documents(CasePage):
    template_name = "referrals/documents/tab.html"
    title = "Documents"
    looked_at_as = "documents"
    tab = "documents"

    def context(self):
        return {
            **super().context(),
            "documents": documents_tab(self.referral, self.user),
            "police_form": police_form(),
        }


class DocumentVerb(TabVerb):
    """A page on which something is done with documents."""

    tab = "documents"

    def initial(self):
        return {}


class AddDocument(DocumentVerb):
    form_class = AddDocumentForm
    template_name = "referrals/documents/add.html"
    deed = "add_document"
    title = "Add a document"
    lead = (
        "Whoever may open this child's record can open it. What is about another child goes to that child's record: "
        "the families and workers of each read only their own."
    )
    warning = NEVER

    def may(self):
        return can_see(self.referral, self.user)

    def in_time(self):
        return takes_documents(self.referral)

    def submit(self, form):
        typed = form.cleaned_data
        document = case_documents.add(
            self.referral.reference,
            actor=self.user,
            once=typed["once"],
            upload=typed["file"],
            kind=typed["kind"],
            title=typed["title"],
            came_from=typed["came_from"],
            dated_on=typed["dated_on"],
            do_not_disclose=typed["do_not_disclose"],
        )
        return self.back(f"Added as {document.reference}.")


class OneDocument:
    """Gets the document that the URL names, of those read through the referral; what was taken out is not found."""

    def prepare(self, reference, document):
        self.document_reference = document
        super().prepare(reference=reference, document=document)

    def find(self):
        found = read_through(self.referral).filter(reference=self.document_reference).first()
        if found is None:
            raise Http404
        return found


class DocumentStep(OneDocument, DocumentVerb):
    """A step of one document that stands."""

    def find_standing(self, **kwargs):
        self.document = self.find()
        return super().find_standing(**kwargs)

    def in_time(self):
        return self.document.taken_out_at is None

    @property
    def state_in_words(self):
        return f"{self.document.reference} was taken out"


class TakeOut(DocumentStep):
    form_class = TakeOutForm
    deed = "take_out_document"
    title = "A document was added by mistake"
    warning = "Nobody can open it from here afterwards. That it was here, who took it out and why stays in view."

    @property
    def lead(self):
        return f"{self.document.reference}: {self.document.title}"

    def may(self):
        return can_take_out_document(self.referral, self.user, self.document)

    def submit(self, form):
        case_documents.take_out(
            self.referral.reference, actor=self.user, document=self.document, reason=form.cleaned_data["reason"]
        )
        return self.back(f"{self.document.reference} is taken out.")


class LetDisclose(DocumentStep):
    form_class = LetDiscloseForm
    deed = "let_disclose_document"
    title = "A document can be disclosed"

    @property
    def lead(self):
        return f"{self.document.reference}: {self.document.title}"

    def may(self):
        return can_tell_again(self.referral, self.user)

    def in_time(self):
        return super().in_time() and self.document.do_not_disclose

    @property
    def state_in_words(self):
        return super().state_in_words if self.document.taken_out_at else f"{self.document.reference} can be disclosed"

    def submit(self, form):
        case_documents.let_disclose(
            self.referral.reference, actor=self.user, document=self.document, reason=form.cleaned_data["reason"]
        )
        return self.back(f"Recorded: {self.document.reference} can be disclosed.")


class HoldDocumentBack(DocumentStep):
    form_class = HoldBackForm
    deed = "hold_document_back"
    title = "A document is not disclosed yet"

    @property
    def lead(self):
        return f"{self.document.reference}: {self.document.title}"

    def may(self):
        return can_hold_back(self.referral, self.user)

    def in_time(self):
        return super().in_time() and not self.document.do_not_disclose

    @property
    def state_in_words(self):
        taken_out = self.document.taken_out_at
        return super().state_in_words if taken_out else f"{self.document.reference} is held back already"

    def submit(self, form):
        case_documents.hold_back(
            self.referral.reference, actor=self.user, document=self.document, reason=form.cleaned_data["reason"]
        )
        return self.back(f"Recorded: {self.document.reference} is not disclosed yet.")


class OpenDocument(OneDocument, CasePage):
    """The file itself, as it came. Its name says the reference and nothing of what is in it."""

    looked_at_as = "document"

    def prepare(self, reference, document):
        super().prepare(reference=reference, document=document)
        self.document = self.find()
        if self.document.taken_out_at is not None:
            access.refused(self.user, self.record, self.looked_at_as)
            raise Http404

    def look(self):
        access.look(self.user, self.record, self.looked_at_as, kind=AccessKind.DOCUMENT)

    def head(self, request, *args, **kwargs):
        """The file is read for it too, so it is looked at too."""
        self.look()
        return self.get(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        document = self.document
        content_type = uploads.CONTENT_TYPES[document.file_type]
        response = HttpResponse(document_store.content(document), content_type=content_type)
        name = f"{document.reference}.{document.file_type}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["X-Content-Type-Options"] = "nosniff"
        return response
