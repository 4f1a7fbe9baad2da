"""The four ways the house says no; hsb.core.middleware turns each into its page."""

from django.core.exceptions import PermissionDenied


class Denied(PermissionDenied):
    """This user may not do this (403). Recorded outside the refused transaction."""

    def __init__(self, sentence="You do not have permission to do this.", *, record=None, verb=""):
        super().__init__(sentence)
        self.sentence, self.record, self.verb = sentence, record, verb


class AlreadyMoved(Exception):
    """Somebody else was first, or it is too early (409): who moved it, when, and where it is now."""

    def __init__(self, *, reference, state, who="", when=None, verb=""):
        super().__init__(f"{reference} is {state}.")
        self.reference, self.state, self.who, self.when, self.verb = (
            reference,
            state,
            who,
            when,
            verb,
        )


class Changed(Exception):
    """The row was edited since the form was opened (409): by whom, when, what stands now, and as which version."""

    def __init__(self, *, reference, version=None, who="", when=None, now=None):
        super().__init__(f"{reference} was changed since you opened it.")
        self.reference, self.version, self.who, self.when = reference, version, who, when
        # Field name -> the value that stands now, for the page that shows both versions.
        self.now = now or {}


class NotReady(Exception):
    """Something must be true first: all the sentences together, to stand beside the form."""

    def __init__(self, *sentences):
        super().__init__(" ".join(map(str, sentences)))
        self.sentences = sentences


class AtTheSameMoment(NotReady):
    """Two verbs waited for each other: the other one went on. Nothing of this one was saved; it may be tried again."""

    def __init__(self):
        super().__init__(
            "Somebody else was saving about the same child at this moment. Nothing of yours was saved: try again."
        )
