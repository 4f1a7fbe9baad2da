"""The borough's own words in sentences that are written once: the form to the police, and what comes from them."""

from django.utils.functional import lazy

from hsb.core import settings_in_force, words


def police_form():
    """What the borough calls the form, in full: "Form 87A"."""
    return settings_in_force.value("police_form")


def police_form_short():
    """What it is called on a tag: "87A"."""
    return settings_in_force.value("police_form_short")


def police_notification():
    """What the borough calls what the police tell it of a child: "Police notification"."""
    return settings_in_force.value("police_notification")


def police_notification_within():
    """The same inside a sentence: a small letter first, where the word is not written in capitals."""
    name = police_notification()
    return name if name[1:2].isupper() else words.lower_first(name)


def _said(template):
    if "otification}" in template:
        template = template.replace("{notification}", police_notification_within())
        template = template.replace("{Notification}", police_notification())
    return template.replace("{form}", police_form()).replace("{form_short}", police_form_short())


# "Send {form} to the police" -> said with the words in force when it is read, not when the module is loaded.
said = lazy(_said, str)
