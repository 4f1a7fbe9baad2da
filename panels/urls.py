from django.urls import path

from panels.views import looks, mapping, mapping_nodes, panels, planning, sifting, sitting

app_name = "panels"
# Mapping
mapping_patterns = [
    path("mapping/", mapping.MappingList.as_view(), name="mapping_list"),
    path("mapping/call/", mapping.CallMapping.as_view(), name="call_mapping"),
    path("referrals/<str:reference>/call-mapping/", mapping.CallMappingFor.as_view(), name="call_mapping_for"),
    path("referrals/<str:reference>/mapping/", mapping.MappingOfChild.as_view(), name="mapping_of_child"),
    path("mapping/<str:reference>/", mapping.Mapping.as_view(), name="mapping"),
    path("mapping/<str:reference>/arrange/", mapping.Arrange.as_view(), name="arrange_mapping"),
    path("mapping/<str:reference>/hold/", mapping.Hold.as_view(), name="hold_mapping"),
    path("mapping/<str:reference>/postpone/", mapping.Postpone.as_view(), name="postpone_mapping"),
    path("mapping/<str:reference>/plan-again/", mapping.PlanAgain.as_view(), name="plan_mapping_again"),
    path("mapping/<str:reference>/cancel/", mapping.Cancel.as_view(), name="cancel_mapping"),
    path("mapping/<str:reference>/close/", mapping.Close.as_view(), name="close_mapping"),
    path("mapping/<str:reference>/intel/", mapping.MakeIntel.as_view(), name="mapping_intel"),
    # On the map
    path("mapping/<str:reference>/people/", mapping_nodes.AddPerson.as_view(), name="map_person"),
    path("mapping/<str:reference>/people/add/", mapping_nodes.PickPerson.as_view(), name="map_pick"),
    path("mapping/<str:reference>/people/new/", mapping_nodes.NewPerson.as_view(), name="map_new_person"),
    path("mapping/<str:reference>/people/found/<uuid:search>/", mapping_nodes.FoundPersons.as_view(), name="map_found"),
    path("mapping/<str:reference>/places/", mapping_nodes.AddPlace.as_view(), name="map_place"),
    path("mapping/<str:reference>/groups/", mapping_nodes.AddGroup.as_view(), name="map_group"),
    path("mapping/<str:reference>/links/", mapping_nodes.AddLink.as_view(), name="map_link"),
    path(
        "mapping/<str:reference>/on-the-map/<int:number>/take-out/",
        mapping_nodes.TakeOutNode.as_view(),
        name="map_take_out",
    ),
    path(
        "mapping/<str:reference>/links/<int:number>/take-out/",
        mapping_nodes.TakeOutLink.as_view(),
        name="map_take_out_link",
    ),
    # What is agreed for a person
    path(
        "mapping/<str:reference>/on-the-map/<int:number>/add-action/",
        mapping_nodes.AddAction.as_view(),
        name="mapping_add_action",
    ),
    path(
        "mapping/<str:reference>/on-the-map/<int:number>/no-action/",
        mapping_nodes.NoAction.as_view(),
        name="mapping_no_action",
    ),
    path(
        "mapping/<str:reference>/actions/<int:number>/take-back/",
        mapping_nodes.DropAction.as_view(),
        name="mapping_drop_action",
    ),
    path("mapping/<str:reference>/actions/<int:number>/", mapping_nodes.DoAction.as_view(), name="mapping_action"),
]
urlpatterns = [
    *mapping_patterns,
    # --- Panel --------------------------------------------------------------------------------------------------------
    path("panel/", panels.Start.as_view(), name="list"),
    path("panel/plan/", planning.PlanPanel.as_view(), name="plan"),
    # The sift
    path("panel/sift/<str:reference>/", sifting.Sift.as_view(), name="sift"),
    path("panel/sift/<str:reference>/propose/", sifting.Propose.as_view(), name="propose"),
    path("panel/sift/<str:reference>/decide/", sifting.Decide.as_view(), name="decide"),
    path("panel/sift/<str:reference>/advise/", sifting.Advise.as_view(), name="advise"),
    path("panel/sift/<str:reference>/who-looked/", looks.WhoLookedAtForm.as_view(), name="sift_who_looked"),
    # Before the panel
    path("panel/<str:reference>/", panels.ShowPanel.as_view(), name="panel"),
    path("panel/<str:reference>/arrange/", planning.Arrange.as_view(), name="arrange"),
    path("panel/<str:reference>/collect/", planning.Collect.as_view(), name="collect"),
    path("panel/<str:reference>/compile/", planning.Compile.as_view(), name="compile"),
    path("panel/<str:reference>/publish/", planning.Publish.as_view(), name="publish"),
    path("panel/<str:reference>/send-round/", planning.Circulate.as_view(), name="circulate"),
    path("panel/<str:reference>/send-minutes-round/", planning.CirculateMinutes.as_view(), name="circulate_minutes"),
    path("panel/<str:reference>/seats/add/", planning.AddSeat.as_view(), name="add_seat"),
    path("panel/<str:reference>/seats/<int:number>/", planning.EditSeat.as_view(), name="seat"),
    path("panel/<str:reference>/postpone/", planning.Postpone.as_view(), name="postpone"),
    path("panel/<str:reference>/resume/", planning.Resume.as_view(), name="resume"),
    path("panel/<str:reference>/cancel/", planning.Cancel.as_view(), name="cancel"),
    # One item
    path("panel/<str:reference>/items/<int:number>/", panels.ShowItem.as_view(), name="item"),
    path("panel/<str:reference>/items/<int:number>/move/", planning.MoveItem.as_view(), name="move"),
    path("panel/<str:reference>/items/<int:number>/discuss/", sitting.Discuss.as_view(), name="discuss"),
    path("panel/<str:reference>/items/<int:number>/amend/", sitting.Amend.as_view(), name="amend"),
    path("panel/<str:reference>/items/<int:number>/add-action/", sitting.AddAction.as_view(), name="add_action"),
    # At the panel and after it
    path("panel/<str:reference>/hold/", sitting.Hold.as_view(), name="hold"),
    path("panel/<str:reference>/actions/<int:number>/", sitting.DoAction.as_view(), name="action"),
    path("panel/<str:reference>/actions/<int:number>/drop/", sitting.DropAction.as_view(), name="drop_action"),
    path("panel/<str:reference>/issue-actions/", sitting.IssueActions.as_view(), name="issue_actions"),
    path("panel/<str:reference>/feedback/<str:form_reference>/", sitting.Feedback.as_view(), name="feedback"),
    path("panel/<str:reference>/close/", sitting.Close.as_view(), name="close"),
    # Its papers
    path("panel/<str:reference>/papers/make/", planning.MakePaper.as_view(), name="make_paper"),
    path("panel/<str:reference>/who-looked/", looks.WhoLooked.as_view(), name="who_looked"),
    path("panel/<str:reference>/papers/<int:number>/", panels.OpenPaper.as_view(), name="paper"),
]
