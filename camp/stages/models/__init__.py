from camp.stages.models.participation import CourseProgress, Participation
from camp.stages.models.requirement import ItemTick, Requirement, RequirementGroup
from camp.stages.models.stage import Announcement, Course, Stage

__all__ = [
    "Announcement",
    "Course",
    "CourseProgress",
    "ItemTick",
    "Participation",
    "Requirement",
    "RequirementGroup",
    "Stage",
]
