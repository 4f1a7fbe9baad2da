"""Floor 1's tables, one module a noun."""

from referrals.models.assessments import BehaviourCategory, RiskAssessment
from referrals.models.concerns import Behaviour, Concern, Involvement
from referrals.models.decisions import CategoryDecision, ThresholdDecision
from referrals.models.holding import Agreement, Allocation, ClosingProposal, Offer
from referrals.models.joining import JoinedRow, PersonJoin, PersonLock
from referrals.models.meetings import MeetingDecision
from referrals.models.people import Person, PersonKey
from referrals.models.police import PoliceForm, PoliceReferral
from referrals.models.referrals import Referral
from referrals.models.section47 import Section47, Section47Report
from referrals.models.urgent import Disclosure, PoliceCall, Protection

__all__ = [
    "Agreement",
    "Allocation",
    "Behaviour",
    "BehaviourCategory",
    "CategoryDecision",
    "ClosingProposal",
    "Concern",
    "Disclosure",
    "Involvement",
    "JoinedRow",
    "MeetingDecision",
    "Offer",
    "Person",
    "PersonJoin",
    "PersonKey",
    "PersonLock",
    "PoliceCall",
    "PoliceForm",
    "PoliceReferral",
    "Protection",
    "Referral",
    "RiskAssessment",
    "Section47",
    "Section47Report",
    "ThresholdDecision",
]
