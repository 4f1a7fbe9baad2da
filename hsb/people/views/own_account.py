"""My account, and the last step of signing in with a one-time password."""

from allauth.account.internal.decorators import login_stage_required
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from hsb.core.pages import Page
from hsb.people import selectors
from hsb.people.first_sign_in import ChoosePassword as Stage
from hsb.people.forms import ChoosePasswordForm
from hsb.people.services import accounts


class Account(Page):
    template_name = "people/account.html"
    title = "My account"

    def context(self):
        return selectors.account_page(self.user)


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
@method_decorator(login_stage_required(stage=Stage.key, redirect_urlname="account_login"), name="dispatch")
class ChoosePassword(View):
    """Not a FormPage: nobody is signed in yet, so nothing is kept as a draft."""

    http_method_names = ["get", "post", "options"]

    def get(self, request):
        return self.show(ChoosePasswordForm(user=request._login_stage.login.user))

    def post(self, request):
        stage = request._login_stage
        form = ChoosePasswordForm(request.POST, user=stage.login.user)
        if not form.is_valid():
            return self.show(form, status=422)
        accounts.choose_password(stage.login.user, password=form.cleaned_data["password1"])
        return stage.exit()

    def show(self, form, status=200):
        context = {"title": "Choose your own password", "form": form}
        return render(self.request, "people/choose_password.html", context, status=status)
