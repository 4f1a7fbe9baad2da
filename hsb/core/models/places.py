"""Place: where something happened, so that the same park in three concerns is one place."""

from django.db import models

from hsb.core.states import PlaceKind


class Place(models.Model):
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    name = models.CharField(max_length=200)
    postcode = models.CharField(max_length=8, blank=True)
    # What two spellings of the same name share: lower case, single spaces, no punctuation.
    folded = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "folded", "postcode"], name="place_once")]

    def __str__(self):
        return self.name

    @classmethod
    def called(cls, kind, name, postcode=""):
        """The place of that kind and name, new where we had none."""
        folded = " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split()) or name.casefold()
        place, _ = cls.objects.get_or_create(
            kind=kind, folded=folded, postcode=postcode.strip().upper(), defaults={"name": name.strip()}
        )
        return place
