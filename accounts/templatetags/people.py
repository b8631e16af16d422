"""Small things that pages about people show."""

from django import template
from django.conf import settings

from accounts import browsers

register = template.Library()
register.filter("browser", browsers.describe)


@register.simple_tag
def sends_mail() -> bool:
    """Whether this site has a mail server."""
    return bool(settings.EMAIL_URL)
