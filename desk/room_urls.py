"""What stands behind the room of an escalation; `desk.urls` takes it into its namespace."""

from django.urls import path

from desk.pages import (
    affected,
    analyses,
    learning,
    own_request,
    recommendations,
    record,
    reviews,
    summary,
    teams,
    updates,
)

urlpatterns = [
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("escalations/recommendations/", recommendations.recommendations, name="recommendations"),
    path("escalations/recommendations/new/", recommendations.new_recommendation, name="recommendation_new"),
    path("escalations/recommendations/<int:pk>/settle/", recommendations.settle, name="recommendation_settle"),
    path("escalations/recommendations/<int:pk>/figure/", recommendations.aim, name="recommendation_aim"),
    path("escalations/recommendations/<int:pk>/measure/", recommendations.measure, name="recommendation_measure"),
    path("escalations/reviews/", learning.review_list, name="reviews"),
    path("escalations/actions/", learning.action_list, name="tracked"),
    path("escalations/actions/<int:pk>/", learning.change, name="tracked_change"),
    path("escalations/actions/<int:pk>/tick/", learning.tick, name="tracked_tick"),
    path("escalations/<int:number>/review/", reviews.review, name="review"),
    path("escalations/<int:number>/review/write/", reviews.write, name="review_write"),
    path("escalations/<int:number>/review/give/", reviews.give, name="review_give"),
    path("escalations/<int:number>/review/waive/", reviews.waive, name="review_waive"),
    path("escalations/<int:number>/review/action/", reviews.add_action, name="review_action"),
    path("escalations/<int:number>/review/recommend/", reviews.recommend, name="review_recommend"),
    path("escalations/<int:number>/recommend/", recommendations.recommend, name="recommend"),
    path("escalations/<int:number>/asked/", own_request.asked, name="escalation_asked"),
    path("escalations/<int:number>/services/", record.services, name="escalation_services"),
    path("escalations/<int:number>/details/", record.details, name="escalation_details"),
    path("escalations/<int:number>/link/", record.relation, name="escalation_link"),
    path("escalations/<int:number>/problem/", record.problem, name="escalation_problem"),
    path("escalations/<int:number>/contacts/", record.contacts, name="escalation_contacts"),
    path("escalations/<int:number>/communicate/", updates.send, name="escalation_communicate"),
    path("escalations/<int:number>/summary/", summary.page, name="escalation_summary"),
    path("escalations/<int:number>/analysis/", analyses.analysis, name="analysis"),
    path("escalations/<int:number>/analysis/write/", analyses.write, name="analysis_write"),
    *(
        path(f"escalations/<int:number>/analysis/{deed}/", analyses.deed, {"what": deed}, name=f"analysis_{deed}")
        for deed in analyses.DEEDS
    ),
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
