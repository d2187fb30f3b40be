"""Which teams a mentor says nothing about, because somebody of them is their own student."""

from django.db.models import Q
from django.utils.translation import gettext as _

from camp.projects.models import TeamMember


def conflicts_of(mentor, teams):
    """{team id: sentence} of the teams in conflict of interest with a mentor. One query for all teams.

    The mentor is in the team, has invited one of its members to the camp, or a conflict with one was declared.
    """
    user = mentor.user_id
    concerned = (
        Q(enrollment__student=user) | Q(enrollment__invitation__inviter=user) | Q(enrollment__conflicts__mentor=mentor)
    )
    members = TeamMember.objects.filter(concerned, team__in=[team.pk for team in teams])
    rows = members.select_related("enrollment__student", "enrollment__invitation").distinct()
    return {member.team_id: _why(member, user) for member in rows.order_by("-joined_at", "-pk")}


def _why(member, user):
    words = {"student": member.enrollment.student}
    if member.enrollment.student_id == user:
        return _("You are in this team yourself.")
    if member.enrollment.invitation and member.enrollment.invitation.inviter_id == user:
        return _("You invited %(student)s to this camp.") % words
    return _("%(student)s has been declared to be your own student.") % words


def barred_pairs(mentors, teams):
    """{(mentor id, team id)} for the allocation: all conflicts between these mentors and teams (ids), in one query."""
    members = TeamMember.objects.filter(team__in=teams).select_related("enrollment__invitation")
    members = members.prefetch_related("enrollment__conflicts")
    by_user = {mentor.user_id: mentor.pk for mentor in mentors}
    return {(mentor, member.team_id) for member in members for mentor in _concerned(member.enrollment, by_user)}


def _concerned(enrollment, by_user):
    known = {by_user.get(enrollment.student_id), *(one.mentor_id for one in enrollment.conflicts.all())}
    if enrollment.invitation:
        known.add(by_user.get(enrollment.invitation.inviter_id))
    return known & set(by_user.values())
