"""What is in the database, to compare before with after."""

from django.apps import apps


def stored():
    """Every row of every table."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in apps.get_models()}
