"""The borough's own words in sentences that are written once: what it calls the form to the police."""

from django.utils.functional import lazy

from hsb.core import settings_in_force


def police_form():
    """What the borough calls the form, in full: "Form 87A"."""
    return settings_in_force.value("police_form")


def police_form_short():
    """What it is called on a tag: "87A"."""
    return settings_in_force.value("police_form_short")


def _said(template):
    return template.replace("{form}", police_form()).replace("{form_short}", police_form_short())


# "Send {form} to the police" -> said with the words in force when it is read, not when the module is loaded.
said = lazy(_said, str)
