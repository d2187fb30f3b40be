"""The staff's side of exercises, scores and boards, by what it is about."""

from importlib import import_module

for name in ("exercises", "tokens", "standings", "attempts", "boards", "course", "graders"):
    import_module(f"camp.rankings.admin.{name}")
