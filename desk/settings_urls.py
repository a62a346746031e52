"""The settings: what an administrator changes the desk on; `desk.urls` takes them into its namespace."""

from django.urls import path

from desk.pages import policies

urlpatterns = [
    path("settings/policies/", policies.policies, name="policies"),
    path("settings/policies/new/", policies.new_policy, name="policy_new"),
    path("settings/policies/<int:pk>/", policies.policy, name="policy"),
    path("settings/policies/<int:pk>/proof/", policies.proof, name="policy_proof"),
    path("settings/policies/<int:pk>/publish/", policies.publish, name="policy_publish"),
    path("settings/policies/<int:pk>/discard/", policies.discard, name="policy_discard"),
    path("settings/policies/<int:pk>/return/", policies.return_to, name="policy_return"),
    path("settings/policies/<int:pk>/switch/", policies.switch, name="policy_switch"),
    path("settings/policies/<int:pk>/order/", policies.order, name="policy_order"),
]
