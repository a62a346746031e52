"""What is done with whole tickets; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import merging

urlpatterns = [
    path("tickets/<int:number>/merge/", merging.merge, name="merge"),
    path("merges/<int:pk>/undo/", merging.unmerge, name="unmerge"),
]
