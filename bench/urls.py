"""The product's addresses, and beside them the control: Django's admin over the same referrals."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import include, path

from hsb.url_rules import RULES as PRODUCT
from hsb.url_rules import SIGNED_IN
from referrals.models import Referral


class ControlSite(AdminSite):
    """Anybody who is signed in: what is measured is the page, not who may open it."""

    def has_permission(self, request):
        return request.user.is_active


class ReferralAdmin(ModelAdmin):
    """The columns of our list, fifty rows, the joins named: the admin at its best without other code."""

    list_display = ("child", "side", "category", "state", "holder", "worker", "next_due_on", "reference")
    list_select_related = ("record__holding_team", "person", "worker")
    list_filter = ("state", "category", "side", "record__holding_team")
    list_per_page = 50
    # One drop-down, of the children: four of them would not fit into the memory of a small server.
    fields = ("person", "side", "category")
    ordering = ("next_due_on", "record")

    def child(self, row):
        return f"{row.person.given_name} {row.person.family_name}"

    def holder(self, row):
        return row.record.holding_team

    def reference(self, row):
        return row.record.reference

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return True


site = ControlSite(name="admin")
site.register(Referral, ReferralAdmin)

RULES = PRODUCT | {
    "admin:referrals_referral_changelist": SIGNED_IN,
    "admin:referrals_referral_add": SIGNED_IN,
}
urlpatterns = [path("control/", site.urls), path("", include("hsb.urls"))]
