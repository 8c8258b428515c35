from django.urls import path

from campaigns.messages.views import history, templates

app_name = "messages"
urlpatterns = [
    path("", history.MessageList.as_view(), name="messages"),
    path("queue/", history.queue_page, name="queue"),
    path("templates/", templates.TemplateList.as_view(), name="messagetemplates"),
    path("templates/new/", templates.NewTemplate.as_view(), name="messagetemplate-new"),
    path("templates/length/", templates.measure_texts, name="messagetemplate-length"),
    path("templates/<slug:code>/", templates.TemplatePage.as_view(), name="messagetemplate"),
    path("templates/<slug:code>/edit/", templates.EditTemplate.as_view(), name="messagetemplate-edit"),
    path("templates/<slug:code>/copy/", templates.CopyTemplate.as_view(), name="messagetemplate-copy"),
    path("templates/<slug:code>/switch/", templates.SwitchTemplate.as_view(), name="messagetemplate-switch"),
    path("templates/<slug:code>/approval/", templates.ApproveTemplate.as_view(), name="messagetemplate-approval"),
    path("templates/<slug:code>/test/", templates.SendTest.as_view(), name="messagetemplate-test"),
    path("<slug:reference>/", history.message_page, name="message"),
]
