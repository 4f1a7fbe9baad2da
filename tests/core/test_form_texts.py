"""A text of nothing that a reader would see is no answer."""

import pytest
from django.core.exceptions import ValidationError

from hsb.core.forms import LongTextField, ReasonField, TextField

FIELDS = [TextField(), LongTextField(), ReasonField(reader="auditors")]
NOTHING_SEEN = ["\u200b", " \u2060\u200d ", "\ufeff\n\u00ad"]


@pytest.mark.parametrize("text", NOTHING_SEEN)
@pytest.mark.parametrize(
    "field", [TextField(), LongTextField(), ReasonField(reader="auditors")], ids=lambda f: type(f).__name__
)
def test_it_is_asked_for_again(field, text):
    with pytest.raises(ValidationError):
        field.clean(text)


def test_what_is_seen_stays_as_it_was_typed():
    assert LongTextField().clean("Zoë\u200d: 10 o\u2019clock\r\nagain") == "Zoë\u200d: 10 o\u2019clock\nagain"
