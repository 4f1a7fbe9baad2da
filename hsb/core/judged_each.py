"""A judgement of each of several things, with what it rests on: mixed into a CaseForm, before it."""

from hsb.core.forms import LongTextField, SelectField


class JudgesEach:
    """Each thing is {"key", "heading", "said"}: it may get a category and then needs a reason; none has to."""

    def ask_of_each(self, things, choices, blank):
        """Adds the two questions of each thing; returns their names, in order. Call once the form is built."""
        self.judged = things
        for each in things:
            category, reason = self._names_of(each)
            called = each["heading"].lower()
            self.fields[category] = SelectField(
                label=f"Category of {called}", choices=choices, blank=blank, required=False, help_text=each["said"]
            )
            self.fields[reason] = LongTextField(label=f"What the category of {called} rests on", required=False, rows=2)
            for name in (category, reason):
                self._prepare(self.fields[name])
        return tuple(name for each in things for name in self._names_of(each))

    @staticmethod
    def _names_of(each):
        return f"each_{each['key']}", f"each_{each['key']}_reason"

    @staticmethod
    def initial_of_each(judged):
        """What the form starts from, of {key: (category, reason)}."""
        found = {}
        for key, said in judged.items():
            found |= dict(zip(JudgesEach._names_of({"key": key}), said, strict=True))
        return found

    def names_of_each(self):
        return {name for each in self.judged for name in self._names_of(each)}

    def clean(self):
        typed = super().clean() or self.cleaned_data
        for each in self.judged:
            category, reason = self._names_of(each)
            called = each["heading"].lower()
            if typed.get(category) and not typed.get(reason) and reason not in self.errors:
                self.add_error(reason, f"Say what the category of {called} rests on")
            if typed.get(reason) and not typed.get(category) and category not in self.errors:
                self.add_error(category, f"Choose the category of {called}, or take away what it rests on")
        return typed

    def of_each(self):
        """{key: (category, reason)} of those that were answered. Of a valid form."""
        found = {}
        for each in self.judged:
            category, reason = (self.cleaned_data.get(name) or "" for name in self._names_of(each))
            if category:
                found[each["key"]] = (category, reason)
        return found
