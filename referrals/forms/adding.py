"""Somebody who is added to a concern after it was logged: the questions of logging, and the day it happened."""

from hsb.core.forms import IdempotencyMixin
from referrals.forms.intake import Birth
from referrals.forms.involved import KnownForm, NewcomerForm
from referrals.forms.person import BORN
from referrals.states import BirthPrecision


class AddNewcomerForm(NewcomerForm):
    """Somebody whom we do not know yet. `happened_on`: the day of the concern, or None."""

    def __init__(self, *args, happened_on=None, **kwargs):
        self.happened_on = happened_on
        super().__init__(*args, **kwargs)

    def clean(self):
        answers = super().clean()
        precision, born_on = answers.get("birth_precision"), answers.get("born_on")
        if born_on and self.happened_on and precision != BirthPrecision.EXPECTED:
            name = f"{answers.get('given_name') or ''} {answers.get('family_name') or ''}".strip()
            birth = Birth(name or "This person", born_on, precision == BirthPrecision.ESTIMATED)
            if birth.is_after(self.happened_on):
                self.add_error(BORN[precision], birth.too_late)
        return answers


class AddKnownForm(IdempotencyMixin, KnownForm):
    """Somebody on the books. `birth`: when they were born, where it may be said; nothing happens before it."""

    submit = "Add to the concern"

    def __init__(self, *args, happened_on=None, birth=None, **kwargs):
        self.happened_on, self.birth = happened_on, birth
        super().__init__(*args, **kwargs)

    def clean(self):
        answers = super().clean()
        if self.birth and self.happened_on and self.birth.is_after(self.happened_on):
            self.add_error(None, self.birth.too_late)
        return answers
