"""One setting of the borough: its new value, and why."""

from datetime import date

from django.core.exceptions import ValidationError

from hsb.core import settings_in_force
from hsb.core.forms import CaseForm, EmailField, LongTextField, NumberField, ReasonField, TextField, VersionedForm
from hsb.core.settings_in_force import ADDRESS, DATES, HOUR, LABELS
from referrals.states import MarkerKind

LABEL = "label_"


class SettingForm(VersionedForm, CaseForm):
    """`key`: which setting. Fields follow from its kind: one value, or one for each kind of marker."""

    reason = ReasonField(reader="every administrator")
    submit = "Change it from today on"
    # What the borough calls things stands beside children: its words are asked about like every other.

    def __init__(self, *args, key, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key
        known = settings_in_force.SETTINGS[key]
        for name, field in _fields(known).items():
            self.fields[name] = field
            self._prepare(field)
        reason = self.fields.pop("reason")
        self.fields["reason"] = reason

    def value(self):
        """What was typed, in the kind that the setting is of. Of a valid form."""
        cleaned = self.cleaned_data
        if settings_in_force.SETTINGS[self.key].unit == LABELS:
            names = [name for name in self.fields if name.startswith(LABEL)]
            return {name.removeprefix(LABEL): cleaned[name] for name in names if cleaned[name]}
        return cleaned["value"]

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if not self.errors and (problem := settings_in_force.problem_with(self.key, self.value())):
            self.add_error("value" if "value" in self.fields else None, problem)
        return typed


def initial_of(key):
    """What the form shows first: what is in force."""
    now = settings_in_force.value(key)
    if settings_in_force.SETTINGS[key].unit == LABELS:
        return {f"{LABEL}{kind}": words for kind, words in now.items()}
    return {"value": "\n".join(now) if isinstance(now, list) else now}


def _fields(known):
    """{name: field} for a setting."""
    same = {"label": "New value", "subject": str(known.title), "ask": "Enter the new value"}
    if known.unit == LABELS:
        return {
            f"{LABEL}{kind.value}": TextField(label=kind.label, required=False, max_length=known.most)
            for kind in MarkerKind
        }
    if known.unit == DATES:
        hint = "One day on each line, like 2026-12-28. Leave it empty for none."
        return {"value": DatesField(**same, required=False, help_text=hint, rows=6)}
    if isinstance(known.default, int):
        what = "The hour of the day" if known.unit == HOUR else f"In {known.unit}"
        hint = f"{what}, from {known.least} to {known.most}"
        return {"value": NumberField(**same, min_value=known.least, max_value=known.most, help_text=hint)}
    if known.unit == ADDRESS:
        return {"value": EmailField(**same, required=False, max_length=known.most)}
    return {"value": TextField(**same, min_length=known.least, max_length=known.most)}


class DatesField(LongTextField):
    """Days, one on each line; gives their ISO texts in order."""

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        wrong = [line for line in lines if not _is_day(line)]
        if wrong:
            raise ValidationError(f"Enter each day like 2026-12-28, not “{wrong[0][:40]}”")
        return sorted(set(lines))


def _is_day(line):
    try:
        return date.fromisoformat(line).isoformat() == line
    except ValueError:
        return False
