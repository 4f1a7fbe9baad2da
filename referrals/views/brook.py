"""Recording a colour that was found with the Brook tool, and recording it anew; read on the tab "Assessment"."""

from referrals.forms.brook import ALL, NONE, BrookFindingForm, ReplaceBrookForm
from referrals.permissions import can_record_brook
from referrals.selectors import brook as reading
from referrals.selectors import deeds
from referrals.selectors.assessment_pages import url_of
from referrals.selectors.instruments import reports_for
from referrals.services import brook
from referrals.views.verb import RecordsAnew, VerbPage


class BrookVerb(VerbPage):
    tab = "assessment"
    lead = (
        "The colour, who found it and why are kept here. The tool itself and its text are never stored: an assessment "
        "can name this colour, whoever writes it."
    )
    done = "The colour is recorded. Nobody can change it: what was wrong is recorded anew beside it."

    def standing_of(self, *, in_time=True):
        what = deeds.Deed(self.deed, self.title, "Before a Brook colour can be recorded")
        allowed = can_record_brook(self.referral, self.user)
        return deeds.Standing(
            what, in_time=in_time, allowed=allowed, unmet=reading.unmet(self.referral, self.user) if allowed else ()
        )

    def form_kwargs(self):
        return {"behaviours": reading.behaviours_in_words(self.referral), "reports": reports_for(self.referral)}

    def answers(self, form):
        typed = form.answers()
        key = typed.pop("behaviour")
        return typed | {"behaviour": self.referral.behaviours().get(pk=key) if key else None}

    def tab_url(self):
        return f"{url_of(self.referral)}#brook"


class RecordBrook(BrookVerb):
    form_class = BrookFindingForm
    deed = "record_brook"
    title = "Record a Brook colour"

    def find_standing(self, **kwargs):
        return self.standing_of()

    def initial(self):
        return {"found_by": self.user.email, "report": NONE}

    def submit(self, form):
        brook.record_brook(self.referral.reference, actor=self.user, **self.answers(form))
        return self.tab_url()


class ReplaceBrook(RecordsAnew, BrookVerb):
    form_class = ReplaceBrookForm
    deed = "replace_brook"
    title = "Record a Brook colour anew"

    def row_at(self, number):
        return reading.finding_at(self.referral, number)

    def initial(self):
        old = self.old
        names = ("colour", "found_on", "age_group", "tool_version", "summary")
        return {name: getattr(old, name) for name in names} | {
            "about": str(old.behaviour_id or ALL),
            "found_by": old.found_by.email,
            "report": NONE if old.report is None else old.report.reference,
        }

    def submit(self, form):
        brook.replace_brook(self.referral.reference, actor=self.user, number=self.number, **self.answers(form))
        return self.tab_url()
