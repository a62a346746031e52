"""What forms of the portal carry."""

from django import template
from django.utils.html import format_html

from desk.portal.typed import WRITER, writer_of

register = template.Library()


@register.simple_tag(takes_context=True)
def written_by(context: template.Context) -> str:
    """Who types here, so that what he could not send is kept for him (`desk.portal.typed`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', WRITER, writer_of(context["request"].user))
