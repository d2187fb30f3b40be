"""Template pieces that every page may use. A built-in library: no `{% load %}` needed."""

from django import template

register = template.Library()
