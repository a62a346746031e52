from django.urls import path

from mailroom.doors.hooks import mail_hook

urlpatterns = [path("<slug:provider>/", mail_hook, name="mail_hook")]
