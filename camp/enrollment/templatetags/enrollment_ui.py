from django import template

from camp.enrollment.queries import camps_to_write_to

register = template.Library()


@register.inclusion_tag("enrollment/_contacts.html")
def contacts(user):
    """Where the reader can write to: the contacts of their camps, on pages that belong to no camp."""
    return {"camps": camps_to_write_to(user)}
