from django.dispatch import receiver

from camp.enrollment.events import enrollment_ended
from camp.projects.models import ProjectStage
from camp.projects.team_staff import drop_out
from camp.stages.events import participation_reverted


@receiver(enrollment_ended)
def leave_with_enrollment(sender, enrollment, at, **kwargs):
    """Who has left the camp is in no team of it; what they were placed with and evaluated for is kept."""
    for project_stage in ProjectStage.objects.filter(camp=enrollment.camp_id):
        drop_out(enrollment, project_stage, at=at)


@receiver(participation_reverted)
def leave_with_participation(sender, participation, at, **kwargs):
    for project_stage in ProjectStage.objects.filter(stage=participation.stage_id):
        drop_out(participation.enrollment, project_stage, at=at)
