from django.urls import path

from desk.portal import analyses, articles, restored, speaking, status, subscribing, survey
from desk.portal.chat import pages as chat
from desk.portal.chat.script import widget_js
from desk.portal.counted import counted
from desk.portal.escalate import escalate
from desk.portal.new import answers, new_request
from desk.portal.request import judge, rate, reply, request_page, settle
from desk.portal.requests import requests

app_name = "portal"
urlpatterns = [
    path("", requests, name="requests"),
    path("language/", speaking.speak, name="speak"),
    path("status/", status.services, name="status"),
    path("status/<slug:slug>/", status.service, name="service"),
    path("status/<slug:slug>/subscribe/", subscribing.subscribe, name="subscribe"),
    path("subscriptions/<str:token>/", subscribing.confirm, name="confirm_subscription"),
    path("subscriptions/<str:token>/stop/", subscribing.stop, name="unsubscribe"),
    path("new/", new_request, name="new_request"),
    path("new/answers/", answers, name="answers"),
    path("articles/", articles.articles, name="articles"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/judge/", articles.judge, name="judge_article"),
    path("<int:number>/", request_page, name="request"),
    path("<int:number>/counting/", counted, name="counting"),
    path("<int:number>/analysis/", analyses.ask, name="ask_analysis"),
    path("analyses/<int:pk>/", analyses.read, name="analysis"),
    path("<int:number>/reply/", reply, name="reply"),
    path("<int:number>/settle/", settle, name="settle"),
    path("<int:number>/rate/", rate, name="rate"),
    path("messages/<int:pk>/helped/", judge, name="judge"),
    path("<int:number>/restored/", restored.answer, name="restored"),
    path("restored/<str:token>/", restored.answer_by_link, name="restored_by_link"),
    path("survey/<str:token>/", survey.survey, name="survey"),
    path("<int:number>/escalate/", escalate, name="escalate"),
    path("chat/<slug:key>/", chat.chat, name="chat"),
    path("chat/<slug:key>/widget.js", widget_js, name="chat_script"),
    path("chat/<slug:key>/<slug:word>/", chat.visit, name="chat_visit"),
    path("chat/<slug:key>/<slug:word>/say/", chat.say, name="chat_say"),
    path("chat/<slug:key>/<slug:word>/here/", chat.here, name="chat_here"),
    path("chat/<slug:key>/<slug:word>/draft/", chat.draft, name="chat_draft"),
    path("chat/<slug:key>/<slug:word>/end/", chat.end, name="chat_end"),
    path("chat/<slug:key>/<slug:word>/live/", chat.live, name="chat_live"),
    path("chat/<slug:key>/<slug:word>/files/<int:pk>/", chat.file, name="chat_file"),
]
