from django.urls import path

from hsb.people.views import accounts, cover, own_account, persons, roles, teams, words

app_name = "people"
urlpatterns = [
    path("", persons.Users.as_view(), name="users"),
    path("add/", persons.AddUser.as_view(), name="add_user"),
    # Everybody's own
    path("my-account/", own_account.Account.as_view(), name="account"),
    path("choose-password/", own_account.ChoosePassword.as_view(), name="choose_password"),
    path("cover/", cover.TeamCover.as_view(), name="team_cover"),
    # Teams and agencies
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/add/", teams.AddTeam.as_view(), name="add_team"),
    path("teams/<slug:slug>/change/", teams.EditTeam.as_view(), name="edit_team"),
    path("teams/<slug:slug>/close/", teams.CloseTeam.as_view(), name="close_team"),
    path("teams/<slug:slug>/reopen/", teams.ReopenTeam.as_view(), name="reopen_team"),
    path("agencies/", teams.Agencies.as_view(), name="agencies"),
    path("agencies/add/", teams.AddAgency.as_view(), name="add_agency"),
    # The words that a text is asked about
    path("words/", words.Words.as_view(), name="words"),
    path("words/add/", words.AddWord.as_view(), name="add_word"),
    path("words/<int:number>/end/", words.EndWord.as_view(), name="end_word"),
    # One person
    path("users/<slug:reference>/", persons.Person.as_view(), name="user"),
    path("users/<slug:reference>/change/", persons.EditUser.as_view(), name="edit_user"),
    path("users/<slug:reference>/changes/", persons.Changes.as_view(), name="changes"),
    path("users/<slug:reference>/close/", accounts.CloseAccount.as_view(), name="close_account"),
    path("users/<slug:reference>/reopen/", accounts.ReopenAccount.as_view(), name="reopen_account"),
    path("users/<slug:reference>/password/", accounts.ResetPassword.as_view(), name="reset_password"),
    path("users/<slug:reference>/password/once/", accounts.OneTimePassword.as_view(), name="one_time_password"),
    path("users/<slug:reference>/second-factor/", accounts.RemoveSecondFactor.as_view(), name="remove_second_factor"),
    path("users/<slug:reference>/roles/add/", roles.AddMembership.as_view(), name="add_membership"),
    path(
        "users/<slug:reference>/roles/<slug:team>/<slug:role>/<slug:starts_on>/end/",
        roles.EndMembership.as_view(),
        name="end_membership",
    ),
    path("users/<slug:reference>/training/add/", roles.RecordTraining.as_view(), name="record_training"),
    path("users/<slug:reference>/cover/add/", cover.ArrangeCover.as_view(), name="arrange_cover"),
    path("users/<slug:reference>/cover/<slug:by>/<slug:starts_on>/end/", cover.EndCover.as_view(), name="end_cover"),
]
