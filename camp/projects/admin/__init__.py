"""The staff's side of projects, by what it is about."""

from importlib import import_module

for name in ("stage", "topics", "teams", "selection", "allocation", "work"):
    import_module(f"camp.projects.admin.{name}")
