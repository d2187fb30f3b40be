"""The board points of teams: what decides where a mentor gives no order."""

from decimal import Decimal

from django.db.models import Count, Sum

from camp.projects.models import TeamMember

THOUSANDTH = Decimal("0.001")


def points_of_teams(teams):
    """{team id: points}: what the members reached on all boards of the camp, divided by how many they are.

    One query for all teams. A team is not ahead for being larger, and one whose members have no points has 0.
    """
    ids = {team.pk for team in teams}
    rows = (
        TeamMember.objects.filter(team__in=ids)
        .order_by()
        .values_list("team")
        .annotate(Sum("enrollment__standings__points"), Count("enrollment", distinct=True))
    )
    found = {team: (Decimal(points or 0) / people).quantize(THOUSANDTH) for team, points, people in rows}
    return {team: found.get(team, Decimal(0)) for team in sorted(ids)}


def points_of(team):
    return points_of_teams([team])[team.pk]
