"""The customer's workflow document as one small table, with a version and a date (docs/workflow.md).

Category -> Hackett name and indicators -> Brook colour -> threshold tier -> allocated service response -> what
must be done. A referral keeps the version it started on. The category is always chosen by a professional, never
worked out from ticked indicators; a pair of judgements that does not match the table asks for a sentence of
reason and is never blocked.

What a version leads to is this table's alone. How it says it (`texts`) the borough may put in its own words, dated:
models/pathway_texts.py keeps those, and gives a referral the ones that were in force when it began.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from hsb.core.borough_words import said
from hsb.people.states import Service
from referrals.states import Brook, Category, Tier


@dataclass(frozen=True)
class Indicator:
    code: str  # "2.3": category, place in the document's list
    source: str  # the document's own words, kept verbatim
    text: str  # what pages show (B16: label actions, not children)


@dataclass(frozen=True)
class Response:
    """What the pathway expects for one category, or for one tier of a child without a category."""

    category: str  # of Category; empty for a child without one
    name: str
    brook: str
    tier: int
    service: str  # of hsb.people.states.Service; empty where no service is expected
    service_words: str
    csc_referral: bool  # a referral to children's social care is required
    police_referral: bool  # Form 87A with the HSB risk assessment
    meeting_expected: bool
    meeting_question: bool  # a manager must record "convened" or "not convened because"
    indicators: tuple = ()


TIER_WORDS = {
    Tier.UNIVERSAL: "Tier 1: universal services",
    Tier.EARLY_HELP: (
        "Tier 2: children with additional needs that can be met through early help. A referral to children's "
        "social care is not required."
    ),
    Tier.COMPLEX: (
        "Tier 3: children with complex multiple needs who need statutory and specialist services. A referral to "
        "children's social care is required."
    ),
    Tier.ACUTE: (
        "Tier 4: children in acute need. Require immediate referral to children's social care and/or the police."
    ),
}

_SOURCE = {
    Category.INAPPROPRIATE: (
        "Single instances of inappropriate sexual behaviour",
        "Socially acceptable behaviour within peer group",
        "Context for behaviour may be inappropriate",
        "Generally consensual and reciprocal",
    ),
    Category.PROBLEMATIC: (
        "Problematic and concerning behaviours",
        "Developmentally unusual and socially unexpected",
        "No overt elements of victimisation",
        "Consent issues may be unclear",
        "May lack reciprocity or equal power",
        "May include levels of compulsivity",
    ),
    Category.ABUSIVE: (
        "Victimising intent or outcome",
        "Includes misuse of power",
        "Coercion and force to ensure victim compliance",
        "Intrusive",
        "Informed consent lacking or not able to be freely given by victim",
        "May include elements of expressive violence",
    ),
    Category.VIOLENT: (
        "Physically violent sexual abuse",
        "Highly intrusive",
        "Instrumental violence which is physiologically and/or sexually arousing to the perpetrator",
        "Sadism",
    ),
}
# Where the document's words name a child by an act, the page shows these instead.
_DISPLAY = {
    "2.3": "Coercion and force to make the other child comply",
    "2.5": "Informed consent lacking, or the other child was not able to give it freely",
    "3.1": "Physically violent sexual behaviour",
    "3.3": "Instrumental violence linked to the child's own arousal",
}


def _indicators(category):
    return tuple(
        Indicator(code, source, _DISPLAY.get(code, source))
        for code, source in ((f"{category}.{n}", text) for n, text in enumerate(_SOURCE[category], start=1))
    )


@dataclass(frozen=True)
class Pathway:
    version: str
    from_on: date
    responses: dict  # Category -> Response
    routes: dict  # Tier -> Response, for a child without a category
    tier_words: dict  # Tier -> "Tier 3: what it means"

    def response_for(self, category):
        """The Response to a category ("0" to "3", also as a number, or "N"). Raises KeyError for any other."""
        return self.responses[Category(str(category))]

    def route_for(self, tier):
        """The Response to a tier (1 to 4), for a child without a category. Raises KeyError for any other."""
        return self.routes[Tier(int(tier))]

    def expects_statutory(self, category, tier):
        """Whether a category ("" for none) or a tier (None for none) asks for statutory social work."""
        expected = [self.response_for(category)] if category else []
        expected += [self.route_for(tier)] if tier else []
        return any(response.service == Service.STATUTORY for response in expected)


def _response(
    category,
    name,
    brook,
    tier,
    service,
    words,
    *,
    csc,
    police=False,
    expected=False,
    question=False,
):
    return Response(
        category=category,
        name=name,
        brook=brook,
        tier=tier,
        service=service,
        service_words=words,
        csc_referral=csc,
        police_referral=police,
        meeting_expected=expected,
        meeting_question=question,
        indicators=_indicators(category) if category in _SOURCE else (),
    )


_EARLY_HELP = "Early Help Service for support as appropriate"
_STATUTORY = "Statutory Social Work team for response"
_STATUTORY_AND_POLICE = said(
    "Statutory Social Work team for response. {form} to the police, sent along with the HSB risk assessment"
)

VERSIONS = (
    Pathway(
        version="2026.1",
        from_on=date(2026, 1, 1),
        tier_words=TIER_WORDS,
        responses={
            r.category: r
            for r in (
                _response(
                    Category.NOT_HSB,
                    "Developmentally expected",
                    Brook.GREEN,
                    Tier.UNIVERSAL,
                    "",
                    "No HSB response",
                    csc=False,
                ),
                _response(
                    Category.INAPPROPRIATE,
                    "Inappropriate",
                    Brook.ORANGE,
                    Tier.EARLY_HELP,
                    Service.EARLY_HELP,
                    _EARLY_HELP,
                    csc=False,
                ),
                _response(
                    Category.PROBLEMATIC,
                    "Problematic",
                    Brook.ORANGE,
                    Tier.COMPLEX,
                    Service.STATUTORY,
                    _STATUTORY,
                    csc=True,
                    question=True,
                ),
                *(
                    _response(
                        category,
                        name,
                        Brook.RED,
                        Tier.ACUTE,
                        Service.STATUTORY,
                        _STATUTORY_AND_POLICE,
                        csc=True,
                        police=True,
                        expected=True,
                        question=True,
                    )
                    for category, name in (
                        (Category.ABUSIVE, "Abusive"),
                        (Category.VIOLENT, "Violent"),
                    )
                ),
            )
        },
        routes={
            Tier.UNIVERSAL: _response("", "", "", Tier.UNIVERSAL, "", "No service needed", csc=False),
            Tier.EARLY_HELP: _response("", "", "", Tier.EARLY_HELP, Service.EARLY_HELP, _EARLY_HELP, csc=False),
            Tier.COMPLEX: _response(
                "",
                "",
                "",
                Tier.COMPLEX,
                Service.STATUTORY,
                _STATUTORY,
                csc=True,
                question=True,
            ),
            Tier.ACUTE: _response(
                "",
                "",
                "",
                Tier.ACUTE,
                Service.STATUTORY,
                _STATUTORY,
                csc=True,
                expected=True,
                question=True,
            ),
        },
    ),
)


def current():
    """The version that new referrals start on."""
    return VERSIONS[-1]


def of(version):
    """The version a referral started on. Raises KeyError for one that never was."""
    for pathway in VERSIONS:
        if pathway.version == version:
            return pathway
    raise KeyError(version)


# --- How a version says it ---


@dataclass(frozen=True)
class Text:
    """One text of a version: about what, the document's own words, and ours where those name a child by an act."""

    key: str  # "indicator-2-3", "tier-3", "response-1", "route-4"
    about: str
    source: str
    text: str

    @property
    def is_the_documents(self):
        return str(self.text) == str(self.source)


INDICATOR, TIER, RESPONSE, ROUTE = PARTS = ("indicator", "tier", "response", "route")
# The document has one cell for both.
_RESPONSE_KEYS = {Category.ABUSIVE: "response-2-3", Category.VIOLENT: "response-2-3"}


def texts(pathway):
    """Every Text of a version, in the document's order."""
    found = []
    for response in pathway.responses.values():
        about = Category(response.category).label
        found += [Text(_indicator_key(i), about, i.source, i.text) for i in response.indicators]
    for tier, said_of_it in pathway.tier_words.items():
        found.append(Text(_tier_key(tier), Tier(tier).label, *[_after_the_tier(said_of_it)] * 2))
    for category, response in pathway.responses.items():
        key = _response_key(category)
        if not any(text.key == key for text in found):
            label = "Categories 2 and 3" if key == "response-2-3" else Category(category).label
            found.append(Text(key, label, response.service_words, response.service_words))
    for tier, response in pathway.routes.items():
        about = f"{Tier(tier).label}, child without a category"
        found.append(Text(_route_key(tier), about, response.service_words, response.service_words))
    return found


@lru_cache(maxsize=64)
def in_words_of(version, changed):
    """The version with other texts: `changed` is a tuple of (key, text). Raises KeyError for one that never was."""
    pathway, mine = of(version), dict(changed)
    if not mine:
        return pathway

    def reworded(response, key):
        indicators = tuple(replace(i, text=mine.get(_indicator_key(i), i.text)) for i in response.indicators)
        return replace(response, service_words=mine.get(key, response.service_words), indicators=indicators)

    return replace(
        pathway,
        responses={c: reworded(response, _response_key(c)) for c, response in pathway.responses.items()},
        routes={tier: reworded(response, _route_key(tier)) for tier, response in pathway.routes.items()},
        tier_words={
            tier: f"Tier {int(tier)}: {mine.get(_tier_key(tier), _after_the_tier(said_of_it))}"
            for tier, said_of_it in pathway.tier_words.items()
        },
    )


def _after_the_tier(said_of_it):
    return said_of_it.split(": ", 1)[1]


def _indicator_key(indicator):
    return f"{INDICATOR}-{indicator.code.replace('.', '-')}"


def _tier_key(tier):
    return f"{TIER}-{int(tier)}"


def _response_key(category):
    return _RESPONSE_KEYS.get(category, f"{RESPONSE}-{category.lower()}")


def _route_key(tier):
    return f"{ROUTE}-{int(tier)}"


def mismatches(pathway, *, category, brook, tier):
    """The pairs of judgements that do not match the table, as sentences; empty when they do.

    `category` may be empty (a child who was harmed): then nothing is compared.
    """
    if not category:
        return []
    expected = pathway.response_for(category)
    found = []
    if brook and brook != Brook.NOT_USED and brook != expected.brook:
        found.append(
            f"{Category(category).label} usually goes with Brook {Brook(expected.brook).label}; "
            f"{Brook(brook).label} is recorded."
        )
    if tier and int(tier) != expected.tier:
        found.append(
            f"{Category(category).label} usually goes with {Tier(expected.tier).label}; "
            f"{Tier(int(tier)).label} is recorded."
        )
    return found
