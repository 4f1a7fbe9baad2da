"""What the police told us of a child, as one reader may see it (practice.md A14, B7, B21)."""

from django.db.models import Prefetch
from django.urls import reverse

from hsb.core import words
from hsb.core.borough_words import police_notification, police_notification_within
from referrals import permissions
from referrals.models import CaseDocument, Involvement, PoliceNotification, Referral
from referrals.selectors.beside import at_or_on, who_has
from referrals.states import DocumentKind, ReferralState

RELATED = ("concern__record", "recorded_by", "document", "referral__record")


def about(referral):
    """Every notification that whoever opens `referral` is told of, the latest first: a queryset."""
    found = PoliceNotification.objects.read_through(referral).select_related(*RELATED)
    children = Referral.objects.select_related("person__record", "record__holding_team")
    return found.prefetch_related(Prefetch("children", children)).order_by("-received_on", "-pk")


def one_of(referral, once):
    """The notification that a URL names, of those of `referral`; None where there is none."""
    return PoliceNotification.objects.read_through(referral).filter(once=once).select_related(*RELATED).first()


def of_referral(referral, user, found):
    """The section of the police page, of what `about` found: title, none, rows, record, record_url."""
    name = police_notification()
    may = permissions.can_see(referral, user) and takes_notifications(referral)
    return {
        "title": f"{name}s received",
        "none": f"No {police_notification_within()} is recorded.",
        "rows": [_one(each, hidden, referral, user) for each, hidden in _with_hidden(list(found), user)],
        "record": f"Record a {police_notification_within()}",
        "record_url": reverse("referrals:record_notification", args=[referral.reference]) if may else "",
    }


def takes_notifications(referral):
    """One that was attached to another of the same child takes nothing more: it goes to the other."""
    return referral.state != ReferralState.ATTACHED


def title_of(each, within=False):
    """What it is called; `within` a sentence."""
    name = police_notification_within() if within else police_notification()
    return f"{name} of {at_or_on(each.received_on, each.received_at)}"


def _with_hidden(found, user):
    """(each, its children whose records `user` may not open), in one question however many."""
    children = {child for each in found for child in each.children.all()}
    keys = {key for child in children for key in _opened_through(child)}
    opened = set(Referral.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    for each in found:
        yield each, [child for child in each.children.all() if not opened & _opened_through(child)]


def _opened_through(child):
    """The keys of the referrals through which one is opened (PoliceNotification.hidden_from): it goes on in another
    where it was attached to it."""
    return {child.pk, child.attached_to_id} - {None}


def _one(each, hidden, referral, user):
    silent = {"text": "Do not disclose", "meaning": "soon"} if each.do_not_disclose else None
    row = {"title": title_of(each), "tag": silent, "masked": "", "rows": [], "says": "", "links": []}
    if hidden:
        return {**row, "masked": masked(hidden)}
    return {**row, "rows": rows_of(each), "says": each.says, "links": _links(each, referral, user)}


def masked(hidden):
    """Why the reader does not read it, and whom to ask (B7, B8)."""
    whom = words.listed(list(dict.fromkeys(who_has(child) for child in hidden)))
    said = "another child, whose record" if len(hidden) == 1 else "other children, whose records"
    return f"It speaks of {said} you cannot open. Ask {whom} before you tell a child or a family anything."


def rows_of(each):
    """Summary list rows of what stands about it, for who may open every child of whom it speaks."""
    officer = f", {each.officer}" if each.officer else ""
    concern = f"The concern reported on {words.day(each.concern.reported_on)}" if each.concern else ""
    acknowledged = f"{words.day(each.acknowledged_on)}, to {each.acknowledged_to}" if each.acknowledged_on else ""
    rows = [
        ("From", f"{each.unit}{officer}"),
        ("Police reference", each.police_reference),
        ("How it came", each.get_how_display()),
        ("About", words.listed([child.person.known_as for child in each.children.all()])),
        ("Attached to", concern),
        ("Acknowledged", acknowledged),
        ("Strategy discussion asked for", words.day(each.discussion_asked_on)),
        ("Recorded by", f"{each.recorded_by.name}, {words.instant(each.recorded_at)}"),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def is_followed(each):
    """Whether nothing is left that could be recorded of what followed."""
    done = (each.acknowledged_on, each.concern_id, each.discussion_asked_on)
    return all(one is not None for one in done) and has_letter(each)


def has_letter(each):
    """Whether the letter itself is recorded: one that was taken out, because it was another, makes room for it."""
    return each.document is not None and each.document.taken_out_at is None


def _links(each, referral, user):
    links = []
    document = each.document
    here = CaseDocument.objects.read_through(referral).filter(taken_out_at__isnull=True)
    if document is not None and here.filter(pk=document.pk).exists():
        url = reverse("referrals:document", args=[referral.reference, document.reference])
        links.append({"text": f"Open the letter itself: {document.reference}", "url": url})
    args = [referral.reference, each.once]
    if permissions.can_follow_notification(each, user) and not is_followed(each):
        text = f"Record what followed from the {title_of(each, within=True)}"
        links.append({"text": text, "url": reverse("referrals:follow_notification", args=args)})
    if each.do_not_disclose and permissions.can_tell_again(referral, user):
        text = f"The {title_of(each, within=True)} can be disclosed"
        links.append({"text": text, "url": reverse("referrals:tell_notification", args=args)})
    return links


# --- What the forms offer -----------------------------------------------------------------------------------------


def children_to_name(referral, user):
    """[(reference, name)] of whom it may speak: the child, and the others of its concerns whom the reader may open."""
    of_its_concerns = Involvement.objects.filter(concern__in=referral.involvements.values("concern"))
    others = (
        Referral.objects.visible_to(user)
        .filter(pk__in=of_its_concerns.values("referral"))
        .exclude(state=ReferralState.ATTACHED)
        .exclude(person=referral.person_id)
        .select_related("record", "person")
        .order_by("pk")
    )
    latest = {other.person_id: other for other in others}
    return [(each.reference, each.person.known_as) for each in (referral, *latest.values())]


def letters_of(referral):
    """[(reference, words)] of the documents of the child that may be the letter: what came from the police first."""
    found = CaseDocument.objects.read_through(referral).filter(taken_out_at__isnull=True)
    ordered = sorted(found, key=lambda each: (each.kind != DocumentKind.POLICE, -each.pk))
    return [(each.reference, f"{each.reference}: {each.title}") for each in ordered]


# --- What no family is told ---------------------------------------------------------------------------------------


def held_back_of(referral):
    """A queryset of those of which nothing is told to the family yet."""
    return PoliceNotification.objects.read_through(referral).held_back().select_related("recorded_by")


def held_back_words(persons):
    """What the notifications about these persons say of which no family is told: as many texts."""
    found = PoliceNotification.objects.held_back().filter(children__person__in=persons)
    return list(found.order_by("pk").values_list("says", flat=True).distinct())


def persons_held_back(persons):
    """Keys of those of these persons about whom something of the kind stands: a queryset."""
    found = PoliceNotification.objects.held_back().filter(children__person__in=persons)
    return found.values_list("children__person", flat=True)
