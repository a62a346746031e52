"""What stands behind the room of an escalation; `desk.urls` takes it into its namespace."""

from django.urls import path

from desk.pages import affected

urlpatterns = [
    path("escalations/<int:number>/customers/", affected.customers, name="escalation_customers"),
    *(
        path(
            f"escalations/<int:number>/customers/{deed}/",
            affected.change,
            {"deed": deed},
            name=f"escalation_customers_{deed}",
        )
        for deed in affected.DEEDS
    ),
]
