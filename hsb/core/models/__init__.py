"""The foundation's tables, one module a subject."""

from hsb.core.models.access import AccessBar, AccessGrant, AccessRecord
from hsb.core.models.actions import Action
from hsb.core.models.documents import Document
from hsb.core.models.drafts import Draft, SearchTerms
from hsb.core.models.journal import Entry
from hsb.core.models.messages import Message, Reminder
from hsb.core.models.places import Place
from hsb.core.models.records import ExternalId, Record, Recorded, ReferenceCounter
from hsb.core.models.running import Heartbeat, Setting, SettingChange
from hsb.core.models.wording import PreferredWord
from hsb.core.models.work import Task

__all__ = [
    "AccessBar",
    "AccessGrant",
    "AccessRecord",
    "Action",
    "Document",
    "Draft",
    "Entry",
    "ExternalId",
    "Heartbeat",
    "Message",
    "Place",
    "PreferredWord",
    "Record",
    "Recorded",
    "ReferenceCounter",
    "Reminder",
    "SearchTerms",
    "Setting",
    "SettingChange",
    "Task",
]
