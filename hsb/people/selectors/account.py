"""My account: what the service knows of the reader, and where to change it."""

from django.db.models import Q
from django.urls import reverse

from hsb.core import clock
from hsb.people import permissions
from hsb.people.models import Cover
from hsb.people.selectors import rows
from hsb.people.selectors.persons import second_factor_is_on
from hsb.people.states import Role


def account_page(user):
    """The reader's own page: only roles, training and cover that have not ended."""
    today = clock.today()
    covers = Cover.objects.not_ended(today).filter(Q(covered=user) | Q(by=user))
    return {
        "facts": [
            {"label": "Name", "value": user.name},
            {"label": "E-mail address", "value": user.email},
            {"label": "Job title", "value": user.job_title},
            {"label": "Telephone", "value": user.telephone},
        ],
        "security": _security(user),
        "role_head": rows.ROLE_HEAD,
        "training_head": rows.TRAINING_HEAD,
        "cover_head": rows.COVER_HEAD,
        "role_rows": rows.role_rows(
            user.memberships.not_ended(today).select_related("team").order_by("team__name", "role")
        ),
        "training_rows": rows.training_rows(user.trainings.all()),
        "cover_rows": rows.cover_rows(
            covers.select_related("covered", "by", "arranged_by").order_by("starts_on"),
            may_end=lambda covered: covered.pk == user.pk and permissions.can_end_cover(user, user),
        ),
        "arrange_cover_url": reverse("people:arrange_cover", args=[user.reference])
        if permissions.can_arrange_cover(user, user)
        else "",
        "team_cover_url": reverse("people:team_cover") if user.has_role(Role.MANAGER) else "",
    }


def _security(user):
    on = second_factor_is_on(user)
    return [
        {"label": "Password", "value": "Only you know it", "change_url": reverse("account_change_password")},
        {
            "label": "Second factor",
            "value": "On: a code from your telephone is asked for when you sign in" if on else "Off",
            "change_url": reverse("mfa_index"),
            "change_text": "Change" if on else "Set up",
        },
        {
            "label": "Where you are signed in",
            "value": "Each browser in which you have signed in",
            "change_url": reverse("usersessions_list"),
            "change_text": "See",
        },
    ]
