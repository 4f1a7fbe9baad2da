"""Codes of the foundation. Imports nothing of ours."""

from django.db.models import TextChoices


class RecordKind(TextChoices):
    REFERRAL = "referral", "Referral"
    CONCERN = "concern", "Concern"
    PERSON = "person", "Person"
    POLICE_REFERRAL = "police_referral", "Police referral"
    MEETING = "meeting", "Strategy meeting"
    INTEL_FORM = "intel_form", "Intel form"
    MAPPING = "mapping", "Mapping meeting"
    PANEL = "panel", "Panel"


# What a reference starts with. A concern's and a person's reference never leave the service.
REFERENCE_PREFIX = {
    RecordKind.REFERRAL: "HSB",
    RecordKind.CONCERN: "CON",
    RecordKind.PERSON: "PER",
    RecordKind.POLICE_REFERRAL: "POL",
    RecordKind.MEETING: "MTG",
    RecordKind.INTEL_FORM: "INT",
    RecordKind.MAPPING: "MAP",
    RecordKind.PANEL: "PAN",
}


class Because(TextChoices):
    """Why a grant was given: the answer to "why can I see this?"."""

    AUTHOR = "author", "you logged the concern"
    HOLDING_TEAM = "holding_team", "your team holds the referral"
    AUTHORS_MANAGER = (
        "authors_manager",
        "you manage the team of the person who logged the concern",
    )
    ALLOCATED = "allocated", "you are the allocated worker"
    ALLOCATED_TEAM = "allocated_team", "you manage the team that has the referral"
    ASKED = "asked", "your team was asked for a decision"
    NAMED = "named", "a manager named you"
    CONVENED = "convened", "you chair, or take the minutes of, a strategy meeting about the child"
    WRITES_INTEL = "writes_intel", "you write the intel form"
    PANEL = "panel", "it was submitted to the panel"
    MAPS = "maps", "you hold the mapping meeting"
    SITS = "sits", "you prepare, or sit on, the panel"
    LAST_HOLDER = "last_holder", "you or your team had the referral when it was closed"
    BREAK_GLASS = "break_glass", "you opened it in an emergency, with a reason"


class AccessKind(TextChoices):
    PAGE = "page", "Opened a page"
    DOCUMENT = "document", "Opened a document"
    EXPORT = "export", "Exported"
    SEARCH = "search", "Searched"
    REFUSED = "refused", "Was refused"
    BREAK_GLASS = "break_glass", "Opened in an emergency"


class FileType(TextChoices):
    """What people may bring; each is called as its file's name ends."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word document"
    XLSX = "xlsx", "Excel workbook"
    ODT = "odt", "OpenDocument text"
    RTF = "rtf", "RTF document"
    TXT = "txt", "Plain text"
    PNG = "png", "Image (PNG)"
    JPG = "jpg", "Image (JPEG)"


class Scanned(TextChoices):
    """What the virus scanner said of a file that was kept; one in which it finds something is not."""

    CLEAN = "clean", "Scanned: nothing found"
    NOT_SCANNED = "not_scanned", "Not scanned"


class PlaceKind(TextChoices):
    """Where something happened (practice.md, section 1: context; section 5: locations)."""

    HOME = "home", "A child's home"
    SCHOOL = "school", "School or nursery"
    PLACEMENT = "placement", "Foster home or children's home"
    PARK = "park", "Park or open space"
    STREET = "street", "Street or estate"
    TRANSPORT = "transport", "Bus, train or station"
    SHOP = "shop", "Shop, café or shopping centre"
    CLUB = "club", "Club, sport or place of worship"
    ONLINE = "online", "Online or on a phone"
    OTHER = "other", "Somewhere else"
    UNKNOWN = "unknown", "Not known"


class WordKind(TextChoices):
    """What a row of the list of words is."""

    WORD = "word", "A word to ask about"
    NAME = "name", "A name to let be"
