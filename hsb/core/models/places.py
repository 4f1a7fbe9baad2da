"""Place: where something happened, so that the same park in three concerns is one place."""

import unicodedata

from django.db import models

from hsb.core.states import PlaceKind

APOSTROPHES = "'’"


def folded(name):
    """What two spellings of the name of a place, a theme or a group share: small letters without accents and
    apostrophes, whose words single spaces part, however its letters are composed."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (c for c in letters if c not in APOSTROPHES and not unicodedata.combining(c))
    plain = " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    return plain or name.strip().casefold()


class Place(models.Model):
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    name = models.CharField(max_length=200)
    postcode = models.CharField(max_length=8, blank=True)
    # What two spellings of the same name share (folded).
    folded = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "folded", "postcode"], name="place_once")]

    def __str__(self):
        return self.name

    @classmethod
    def called(cls, kind, name, postcode=""):
        """The place of that kind and name, new where we had none."""
        longest = cls._meta.get_field("folded").max_length
        place, _ = cls.objects.get_or_create(
            kind=kind, folded=folded(name)[:longest], postcode=postcode.strip().upper(), defaults={"name": name.strip()}
        )
        return place
