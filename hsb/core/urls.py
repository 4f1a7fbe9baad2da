from django.urls import path

from hsb.core import views

app_name = "core"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("still-here/", views.still_here, name="still_here"),
    path("colleagues/", views.colleague_names, name="colleague_names"),
    path("keep-draft/", views.keep_draft, name="keep_draft"),
]
