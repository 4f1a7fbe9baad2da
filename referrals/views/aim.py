"""Recording a completed AIM assessment, and recording it anew; both are read on the tab "Assessment"."""

from referrals.forms.aim import NONE_YET, AimForm, ReplaceAimForm
from referrals.permissions import can_record_aim
from referrals.selectors import aim as reading
from referrals.selectors import deeds
from referrals.selectors.assessment_pages import url_of
from referrals.selectors.instruments import reports_for
from referrals.services import aim
from referrals.views.verb import RecordsAnew, VerbPage


class AimVerb(VerbPage):
    tab = "assessment"
    lead = (
        "A summary is kept here, and where the report is. The instrument itself, its questions and its score sheets "
        "are never stored: they belong to its publisher and are kept as its licence says."
    )
    done = "The AIM assessment is recorded. Nobody can change it: what was wrong is recorded anew beside it."

    def standing_of(self, *, in_time=True):
        what = deeds.Deed(self.deed, self.title, "Before an AIM assessment can be recorded")
        allowed = can_record_aim(self.referral, self.user)
        return deeds.Standing(
            what, in_time=in_time, allowed=allowed, unmet=reading.unmet(self.referral, self.user) if allowed else ()
        )

    def form_kwargs(self):
        return {
            "person": self.referral.person,
            "tools": reading.tools_of(self.user),
            "reports": reports_for(self.referral),
        }

    def tab_url(self):
        return f"{url_of(self.referral)}#aim"


class RecordAim(AimVerb):
    form_class = AimForm
    deed = "record_aim"
    title = "Record an AIM assessment"

    def find_standing(self, **kwargs):
        return self.standing_of()

    def initial(self):
        return {"assessor": self.user.email}

    def submit(self, form):
        aim.record_aim(self.referral.reference, actor=self.user, **form.answers())
        return self.tab_url()


class ReplaceAim(RecordsAnew, AimVerb):
    form_class = ReplaceAimForm
    deed = "replace_aim"
    title = "Record an AIM assessment anew"

    def row_at(self, number):
        return reading.aim_at(self.referral, number)

    def initial(self):
        old = self.old
        names = ("tool", "tool_version", "started_on", "completed_on", "age_reason", "summary", "recommendations")
        return {name: getattr(old, name) for name in names} | {
            "assessor": old.assessor.email,
            "report": NONE_YET if old.report is None else old.report.reference,
            "no_report_reason": old.no_report_reason,
        }

    def submit(self, form):
        aim.replace_aim(self.referral.reference, actor=self.user, number=self.number, **form.answers())
        return self.tab_url()
