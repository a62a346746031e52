"""What is done with whole tickets; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import fields, links, merging

urlpatterns = [
    path("tickets/<int:number>/merge/", merging.merge, name="merge"),
    path("merges/<int:pk>/undo/", merging.unmerge, name="unmerge"),
    path("tickets/<int:number>/split/", links.split, name="split"),
    path("tickets/<int:number>/links/", links.link, name="link"),
    path("links/<int:pk>/remove/", links.unlink, name="unlink"),
    path("tickets/<int:number>/incidents/", links.incidents, name="incidents"),
    path("tickets/<int:number>/fields/", fields.fields, name="fields"),
]
