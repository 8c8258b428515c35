from django.urls import path

from workorders.allocation import views

app_name = "allocation"

urlpatterns = [
    path("allocation/", views.RuleList.as_view(), name="rules"),
    path("allocation/new/", views.NewRule.as_view(), name="rule-new"),
    path("allocation/of/<slug:code>/", views.EditRule.as_view(), name="rule-edit"),
    path("targets/", views.TargetList.as_view(), name="targets"),
    path("targets/<slug:code>/", views.EditTargets.as_view(), name="target-edit"),
    path("skills/", views.SkillList.as_view(), name="skills"),
    path("skills/new/", views.NewSkill.as_view(), name="skill-new"),
    path("skills/of/<slug:code>/", views.EditSkill.as_view(), name="skill-edit"),
    path("people/of/<str:username>/skills/", views.EditAgent.as_view(), name="agent-edit"),
]
