"""Form 87A: one per concern, covering its children (practice.md B4); each version as it was written."""

from itertools import takewhile

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django_fsm import FSMField, transition

from hsb.core import access, composed
from hsb.core.borough_words import said
from hsb.core.door import Doored
from hsb.core.models import AccessBar, Document, Recorded
from hsb.core.numbers import last_number
from hsb.core.riding import riding
from referrals import guards, permissions
from referrals.models.assessments import RiskAssessment
from referrals.models.concerns import Concern, Involvement
from referrals.models.referrals import Referral
from referrals.models.urgent import PoliceCall
from referrals.states import (
    POLICE_UNRESOLVED,
    POLICE_WENT_OUT,
    AfterRefused,
    Basis,
    PoliceReferralState,
    ReferralState,
    Urgency,
)

P = PoliceReferralState


class PoliceReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may open the referral of one of its concern's children; what it says, who may open all of them."""
        referrals = Referral.objects.visible_to(user)
        return self.filter(Exists(Involvement.objects.filter(concern=OuterRef("concern"), referral__in=referrals)))

    def read_by(self, user):
        """As the pages of `user` show them. Each with

        opens: whether `user` may open every child it covers;
        called: whether a call to the police about its concern is recorded.
        """
        children = Referral.objects.filter(involvements__concern=OuterRef("concern")).exclude(
            state=ReferralState.ATTACHED
        )
        later = Referral.objects.filter(
            involvements__concern=OuterRef(OuterRef("concern")), person=OuterRef("person"), pk__gt=OuterRef("pk")
        ).exclude(state=ReferralState.ATTACHED)
        hidden = children.read_by(user).filter(~Exists(later), opens=False)
        return self.annotate(
            opens=~Exists(hidden),
            called=Exists(PoliceCall.objects.of_concerns(OuterRef("concern"))),
        )


class PoliceReferral(Doored, Recorded):
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="police_referrals")
    state = FSMField(max_length=20, choices=P.choices, default=P.NEEDED, protected=True)
    needed_since = models.DateTimeField()
    # Why it was asked for at a category that does not ask for it: the crime that is suspected.
    grounds = models.TextField(blank=True)
    # A manager's exit: who, when, why.
    resolved_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = PoliceReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(state__in=POLICE_UNRESOLVED),
                name="police_referral_one_unresolved",
            )
        ]

    # --- What is read of it -----------------------------------------------------------------------------------------
    # Whose page shows it, read by `read_by`, with the other forms of that page: what is asked of one of them is read of
    # all of them, and once. None everywhere else, as under a lock: there it is read anew each time.
    reader = together = None

    @staticmethod
    def show_together(forms, reader):
        for form in forms:
            form.reader, form.together = reader, forms

    def _read(self, rows_of):
        """This form's part of what `rows_of` (a function of forms) reads: {key of a form: rows}."""
        if self.together is None:
            return rows_of([self])[self.pk]
        if "_known" not in self.__dict__:
            forms = self.together
            with riding(_children_asked(forms, self.reader).asking, _versions_asked(forms).asking):
                found = {each: each(forms) for each in (_covered, _versions)}
            for form in forms:
                form._known = {each: rows[form.pk] for each, rows in found.items()}
        return self._known[rows_of]

    # --- Whom it covers ---------------------------------------------------------------------------------------------
    def referrals(self):
        """The open referrals of the concern's children. For rules; pages ask `visible_to` first."""
        return [referral for referral in self._read(_covered) if referral.is_open]

    def children(self):
        """The latest referral of each of the concern's children, open or ended: all of whom it speaks."""
        return _latest_of_each(self._read(_covered))

    def hidden_from(self, user):
        """The children of it whose records `user` may not open; asked once for each object."""
        if user == self.reader:
            return [child for child in self.children() if not child.opens]
        known = self.__dict__.setdefault("_hidden_from", {})
        if user.pk not in known:
            children = _latest_of_each(_covered([self], user)[self.pk])
            known[user.pk] = [child for child in children if not child.opens]
        return known[user.pk]

    def opens_for(self, user):
        """Whether `user` may open every child it covers."""
        return self.opens if user == self.reader else not self.hidden_from(user)

    def bars(self, user):
        """Whether `user` is barred from a child it covers."""
        if user == self.reader and self.opens:
            return False  # whoever is barred from one of them may not open every one
        people = [child.person_id for child in self.children()]
        return AccessBar.objects.filter(user=user, record__in=people, lifted_at__isnull=True).exists()

    def calls(self):
        """Calls to the police recorded since the concern was logged, on any of its children's referrals."""
        return PoliceCall.objects.of_concerns([self.concern_id]).select_related("recorded_by")

    def was_called_about(self):
        """Whether there is such a call."""
        return self.calls().exists() if self.reader is None else self.called

    # --- Its versions -----------------------------------------------------------------------------------------------
    def versions(self, supplement_to=None):
        """Those of the form itself, or of the supplements to one of its versions (a key), the first first."""
        return [form for form in self._read(_versions) if form.supplement_to_id == supplement_to]

    def every_version(self):
        """The form's and its supplements', the first first."""
        return self._read(_versions)

    def latest_form(self):
        """The version in work, or the last that went out; None before the first draft. Read once for each object."""
        if "_latest_form" not in self.__dict__:
            self._latest_form = next(reversed(self.versions()), None)
        return self._latest_form

    def latest_supplement(self):
        """The latest version of a supplement to the form that went out; None where nobody has begun one.

        It is no answer to keep: what is decided of a supplement leaves the form itself as it stands.
        """
        return next(reversed(self._supplements()), None)

    def unanswered_supplement(self):
        """The first supplement that went out and that the police have not answered, or None."""
        waiting = (
            form
            for form in self._supplements()
            if form.sent_on is not None and form.acknowledged_on is None and form.refused_on is None
        )
        return next(waiting, None)

    def _supplements(self):
        form = self.latest_form() if self.state in POLICE_WENT_OUT else None
        return [] if form is None else self.versions(form.pk)

    def next_number(self):
        """Of the next version, whatever it is: numbers go on through supplements."""
        return last_number(self.forms) + 1

    def forget_form(self):
        """A version was added under the lock: the next question reads again."""
        self.__dict__.pop("_latest_form", None)
        self.__dict__.pop("_drafters", None)

    def drafters(self):
        """Keys of who drafted a version since the last that was returned or refused: their words may still stand."""
        if "_drafters" not in self.__dict__:
            self._drafters = _drafters(self.versions(), lambda form: form.refused_on)
        return self._drafters

    def drafters_of_supplement(self):
        """The same of the supplement in work: since the last that was returned or went out."""
        form = self.latest_form()
        return _drafters(self.versions(form.pk) if form else [], lambda form: form.sent_on)

    # --- Its machine ------------------------------------------------------------------------------------------------
    @transition(
        "state",
        [P.NEEDED, P.APPROVED, P.REFUSED],
        P.DRAFTED,
        conditions=[guards.police_were_called],
        permission=permissions.can_write_police_referral,
    )
    def draft(self):
        """A new version; what an earlier one said stays as it was."""

    @transition(
        "state",
        P.DRAFTED,
        P.APPROVED,
        permission=permissions.can_approve_police_referral,
    )
    def approve(self):
        """By somebody else: the pack is made, as it goes out."""

    @transition(
        "state",
        P.DRAFTED,
        P.NEEDED,
        permission=permissions.can_approve_police_referral,
        custom={"reason": "Say what needs to change before you can approve it."},
    )
    def return_to_drafter(self):
        """Not as it is."""

    @transition("state", P.APPROVED, P.SENT, permission=permissions.can_write_police_referral)
    def record_sent(self):
        """To whom, how, when."""

    @transition("state", P.SENT, P.ACKNOWLEDGED, permission=permissions.can_write_police_referral)
    def acknowledge(self):
        """The police have it, under their reference."""

    @transition(
        "state",
        [P.SENT, P.ACKNOWLEDGED],
        P.REFUSED,
        permission=permissions.can_write_police_referral,
        custom={"reason": "Say why the police refused it."},
    )
    def refuse(self):
        """The police do not take it: it is outstanding again."""

    @transition(
        "state",
        list(POLICE_UNRESOLVED),
        P.NOT_SENT,
        permission=permissions.can_excuse_police_referral,
        custom={"reason": said("Give the reason why {form} is not sent.")},
    )
    def not_sent_because(self):
        """A manager's exit."""

    @transition(
        "state",
        list(POLICE_UNRESOLVED),
        P.NO_LONGER_NEEDED,
        permission=permissions.can_excuse_police_referral,
        custom={"reason": said("Give the reason why {form} is no longer needed.")},
    )
    def no_longer_needed_because(self):
        """A manager's exit."""


def _covered(forms, reader=None):
    """{key of a form: the referrals of its concern's children, but for those that were attached to another}. Each with

    submitted: whether an assessment of it was submitted;
    opens: whether `reader` (of a page whoever reads it) may open it; where there is one.
    """
    rows = _children_asked(forms, reader or forms[0].reader).objects()
    # A child with two parts in a concern stands in it twice.
    once = {(row.of_concern, row.pk): row for row in rows}
    return {form.pk: [row for (concern, _), row in once.items() if concern == form.concern_id] for form in forms}


def _children_asked(forms, reader):
    """The rows of `_covered`."""
    of_them, given = composed.among("involvements__concern", [form.concern_id for form in forms])

    def children():
        submitted = RiskAssessment.objects.filter(referral=OuterRef("pk"), submitted_at__isnull=False)
        rows = (
            Referral.objects.filter(of_them)
            .exclude(state=ReferralState.ATTACHED)
            .annotate(of_concern=F("involvements__concern"), submitted=Exists(submitted))
            .select_related("record__holding_team", "person__record", "worker")
            .order_by("pk")
        )
        return rows if reader is None else rows.read_by(reader)

    key = ("children of forms", len(given), access.rights_today(reader) if reader else None)
    return composed.Asked(composed.kept(key, children), given)


def _latest_of_each(referrals):
    return list({referral.person_id: referral for referral in referrals}.values())


def _versions(forms):
    """{key of a form: every version of it and of its supplements, the first first}."""
    found, by_key = {form.pk: [] for form in forms}, {form.pk: form for form in forms}
    for version in _versions_asked(forms).objects():
        version.police_referral = by_key[version.police_referral_id]
        found[version.police_referral_id].append(version)
    return found


def _versions_asked(forms):
    """The rows of `_versions`."""
    people = ("drafted_by", "approved_by", "returned_by", "sent_by", "referral__record__holding_team", "supplement_to")
    papers = ("document", "word_document")
    of_them, given = composed.among("police_referral", [form.pk for form in forms])

    def every():
        return PoliceForm.objects.filter(of_them).select_related(*people, *papers).order_by("number")

    return composed.Asked(composed.kept(("versions of forms", len(given)), every), given)


def _drafters(forms, ended):
    """Keys of who drafted one of these forms since the last that was returned, or that has `ended` (a function)."""
    since = takewhile(lambda form: form.returned_by_id is None and ended(form) is None, reversed(forms))
    return {form.drafted_by_id for form in since}


class PoliceForm(models.Model):
    """One version of a Form 87A: what was written, who approved it, where it went, what the police answered."""

    police_referral = models.ForeignKey(PoliceReferral, on_delete=models.PROTECT, related_name="forms")
    number = models.PositiveSmallIntegerField()
    # The version that went out to which this one adds: that one stays sent, whatever becomes of this one.
    supplement_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supplements"
    )
    # The child's referral on whose pages it was drafted: the tasks of this form hang there.
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=200)
    urgency = models.CharField(max_length=20, choices=Urgency.choices)
    known = models.TextField()
    asked = models.TextField()
    basis = models.CharField(max_length=20, choices=Basis.choices)
    consent = models.TextField(blank=True)
    risks_to_staff = models.TextField(blank=True)
    interpreter = models.CharField(max_length=200, blank=True)
    discussion_on = models.DateField(null=True, blank=True)
    drafted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    returned_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    approved_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # The pack as it was approved: what goes out is what was approved. As a PDF, and the same as a Word document.
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    word_document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    sent_to = models.CharField(max_length=200, blank=True)
    sent_how = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_at = models.TimeField(null=True, blank=True)
    sent_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_on = models.DateField(null=True, blank=True)
    police_reference = models.CharField(max_length=60, blank=True)
    officer = models.CharField(max_length=200, blank=True)
    refused_on = models.DateField(null=True, blank=True)
    refused_by = models.CharField(max_length=200, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["police_referral", "number"], name="police_form_number_once"),
            # Nothing goes out that nobody else has approved.
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(approved_by__isnull=False), name="police_form_sent_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("drafted_by")),
                name="police_form_not_by_drafter",
            ),
            models.CheckConstraint(
                condition=Q(word_document__isnull=True) | Q(document__isnull=False), name="police_form_word_beside_pdf"
            ),
        ]

    def __str__(self):
        return f"Version {self.number}"

    def addresses_open_to(self, user):
        """Whether `user` may read every confidential address in it: the pack opens for nobody else."""
        return all(permissions.can_read_address(each.child.person, user) for each in self.addresses.all())

    @property
    def is_approved(self):
        return self.document_id is not None

    @property
    def is_in_work(self):
        """Of a supplement: it is neither returned nor sent."""
        return self.returned_at is None and self.sent_on is None


class PoliceFormAddress(models.Model):
    """A confidential address that stands in the pack of one version, for its recipient, with the reason (B11)."""

    form = models.ForeignKey(PoliceForm, on_delete=models.PROTECT, related_name="addresses")
    # The referral of the child whose address it is.
    child = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "child"], name="police_form_address_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="police_form_address_why"),
        ]

    def __str__(self):
        return f"Address in version {self.form_id}"


class RefusalStep(models.Model):
    """What was done after the police refused a version: with the refusal, and since. The database only ever adds."""

    form = models.ForeignKey(PoliceForm, on_delete=models.PROTECT, related_name="refusal_steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=AfterRefused.choices)
    said = models.TextField()
    # The police supervisor to whom it was taken.
    supervisor = models.CharField(max_length=200, blank=True)
    # The manager with whom it was decided not to send it again.
    manager = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The page on which it was written: a double click makes one.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="refusal_step_number_once"),
            models.CheckConstraint(condition=~Q(said=""), name="refusal_step_says_a_sentence"),
            models.CheckConstraint(
                condition=(Q(kind=AfterRefused.ESCALATED) & ~Q(supervisor=""))
                | (~Q(kind=AfterRefused.ESCALATED) & Q(supervisor="")),
                name="refusal_step_names_the_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(kind=AfterRefused.MANAGER, manager__isnull=False)
                | (~Q(kind=AfterRefused.MANAGER) & Q(manager__isnull=True)),
                name="refusal_step_names_the_manager",
            ),
        ]

    def __str__(self):
        return f"Step {self.number} after the refusal of {self.form_id}"

    def says(self):
        """All that was recorded, as texts: what a digest vouches for, and what tells two rows apart."""
        return (self.kind, self.said, self.supervisor, str(self.manager_id or ""))
