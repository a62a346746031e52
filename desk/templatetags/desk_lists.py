"""Addresses of the desk's lists, which are made by their names."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def list_url(name: str, deed: str = "", *args: Any) -> str:
    """Of a list, or of what is done with one of its rows."""
    return reverse(f"desk:{name}_{deed}" if deed else f"desk:{name}", args=args)
