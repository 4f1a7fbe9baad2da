"""The borough's own words for the pathway's texts: dated, and only ever added to. What the pathway leads to is no text,
and is nobody's to change here."""

from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.refusals import Changed, NotReady
from hsb.people.services.versions import administrator
from referrals import pathway
from referrals.models import PathwayText
from referrals.models.pathway_texts import forget

SAME = "These are the words that stand already."
AT_ONCE = "Somebody else changed this text at the same moment. Send it again."


@transaction.atomic
def change(version, key, *, actor, text, number=None):
    """From now on `text` is what referrals that begin read; "" brings back the words that the version began with.

    `number` is that of the change that stood on the page, 0 for none. Raises KeyError for no version, or no text of it,
    Changed where somebody changed it meanwhile. Returns the PathwayText.
    """
    beginning = next((each for each in pathway.texts(pathway.of(version)) if each.key == key), None)
    if beginning is None:
        raise KeyError(key)
    by = administrator(actor)
    last = PathwayText.objects.select_related("by").filter(version=version, key=key).order_by("number").last()
    standing = last.number if last else 0
    stands = last.text if last and last.text else str(beginning.text)
    if number is not None and number != standing:
        # A number that never was, where nothing has changed yet, was changed by nobody.
        who, when = (last.by.name, last.at) if last else ("", None)
        raise Changed(reference=key, version=standing, who=who, when=when, now={"text": stands})
    text = " ".join(text.split()) or str(beginning.text)
    if text == stands:
        raise NotReady(SAME)
    try:
        with transaction.atomic():
            new = PathwayText.objects.create(
                version=version,
                key=key,
                number=standing + 1,
                text="" if text == str(beginning.text) else text,
                by=by,
                at=clock.now(),
            )
    except IntegrityError:
        raise NotReady(AT_ONCE) from None
    forget()
    transaction.on_commit(forget)
    return new
