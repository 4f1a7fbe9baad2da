"""The tab "Assessment": what is begun and judged, every version kept; and the two buttons that begin one."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core.refusals import AlreadyMoved, NotReady
from referrals.selectors.assessment import overview, state_in_words
from referrals.selectors.assessment_answers import sections_of
from referrals.selectors.assessment_pages import pages_of, url_of
from referrals.selectors.held_back import of_assessment
from referrals.selectors.instruments import asking_trained_today
from referrals.selectors.reading import Reading, what_hangs_with
from referrals.services import assessing
from referrals.views.bases import CasePage


class AssessmentTab(CasePage):
    template_name = "referrals/assessment/overview.html"
    title = "Assessment"
    looked_at_as = "assessment"
    tab = "assessment"
    beside = staticmethod(
        what_hangs_with(
            "category_decisions", "threshold_decisions", "aim_assessments", "brook_findings", "assessment_tellings"
        )
    )

    def asked_beside(self):
        return [asking_trained_today(self.user)]

    def context(self):
        return {**super().context(), "assessment": overview(self.referral, self.user)}


class AssessmentVersion(CasePage):
    """One version as it stands: nothing of an earlier one is ever lost."""

    template_name = "referrals/assessment/version.html"
    looked_at_as = "assessment"
    tab = "assessment"

    def prepare(self, reference, number, **kwargs):
        super().prepare(reference, **kwargs)
        versions = Reading.of(self.referral, self.user).assessments
        self.assessment = next((each for each in versions if each.number == number), None)
        if self.assessment is None:
            raise Http404

    def get_title(self):
        return f"Assessment {self.assessment.number}"

    def context(self):
        return {
            **super().context(),
            "state": state_in_words(self.assessment),
            "sections": sections_of(self.assessment),
            "held_back": of_assessment(self.assessment, self.user),
            "back_url": url_of(self.referral),
        }


class Begin(CasePage):
    """A button, not a page: whoever comes by GET (back from signing in again) finds the tab."""

    http_method_names = ["get", "head", "post", "options"]
    begin = staticmethod(assessing.begin_assessment)

    def get(self, request, *args, **kwargs):
        return HttpResponseRedirect(url_of(self.referral))

    def post(self, request, *args, **kwargs):
        try:
            assessment = type(self).begin(self.referral.reference, actor=self.user)
        except AlreadyMoved:
            # A double click, or a colleague a moment earlier: the tab shows whose it is.
            return HttpResponseRedirect(url_of(self.referral))
        except NotReady as refusal:
            for sentence in refusal.sentences:
                messages.warning(request, sentence)
            return HttpResponseRedirect(url_of(self.referral))
        pages = pages_of(assessment)
        return HttpResponseRedirect(url_of(self.referral, pages[0].key if pages else ""))


class BeginReassessment(Begin):
    begin = staticmethod(assessing.begin_reassessment)


def case_url(referral):
    return reverse("referrals:case", args=[referral.reference])
