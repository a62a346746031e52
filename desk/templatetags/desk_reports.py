"""The reports side by side, above those that have a form of their own."""

from django import template
from django.template import Context

from desk.looks.reports.frame import Beside, beside

register = template.Library()


@register.inclusion_tag("desk/reports/tabs.html", takes_context=True)
def report_tabs(context: Context) -> dict[str, Beside]:
    request = context["request"]
    return {"beside": beside(request.user, request.path)}
