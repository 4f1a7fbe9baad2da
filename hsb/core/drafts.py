"""Drafts: what was typed and not yet saved, on the server, for one user only (practice.md B19)."""

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.core.models import Draft

# Never kept: what proves who somebody is, and what belongs to one showing of a form.
NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "code",
}
# With the key by which a page makes one row, a form opened again would be taken for one that was sent already.
OF_ONE_SHOWING = {"once"}
PAGE = "page"  # the draft of whatever form stands at a path
LARGEST = 400_000  # characters


def keep(user, form, key, data):
    """Keeps `data` (a dict of JSON values) as the user's draft of `form` at `key`; returns the draft."""
    draft, _ = Draft.objects.update_or_create(
        user=user, form=form, key=key, defaults={"data": data, "saved_at": clock.now()}
    )
    return draft


def keep_page(user, path, post):
    """Keeps a posted form (a QueryDict) as the draft of the page at `path`; None where it is too large to be kept."""
    if sum(len(value) for name in post for value in post.getlist(name)) > LARGEST:
        return None
    return keep(user, PAGE, path[:200], as_json(post, but=NEVER_KEPT | OF_ONE_SHOWING))


def as_json(post, *, but=NEVER_KEPT):
    """A posted form (a QueryDict) as JSON: {name: [values]}, without the fields named in `but`.

    Without NULs too, which PostgreSQL keeps in no text: what stands around them must not be lost for one.
    """
    return {storable(name): [storable(value) for value in post.getlist(name)] for name in post if name not in but}


def storable(text):
    """The text without NULs."""
    return text.replace("\x00", "")


def kept(user, form, key):
    """The user's draft, or None."""
    return _kept().one(**_which(user, form, key))


def asking(user, form, key):
    """The Question of `kept` (riding.py)."""
    return _kept().asking_one(**_which(user, form, key))


def _kept():
    given = {name: Given(name, Draft._meta.get_field(name)) for name in ("user_id", "form", "key")}
    return composed.kept("a draft", lambda: Draft.objects.filter(**given))


def _which(user, form, key):
    return {"user_id": user.pk, "form": form, "key": key[:200]}


def drop(user, form, key):
    """Forgets the draft: it was saved, or thrown away by its author."""
    Draft.objects.filter(user=user, form=form, key=key[:200]).delete()
