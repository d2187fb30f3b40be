from camp.projects.models.allocation import AllocationRun, ManualMove, Placement
from camp.projects.models.asking import JoinRequest, Seeker
from camp.projects.models.certificate import Certificate
from camp.projects.models.project import Difficulty, Project, Proposal, SavedProject
from camp.projects.models.selection import (
    ConflictOfInterest,
    MentorChoice,
    Preference,
    PreferenceList,
    Refusal,
    SelectionRound,
)
from camp.projects.models.stage import Criterion, Mentor, ProjectStage
from camp.projects.models.team import Team, TeamMember
from camp.projects.models.work import Evaluation, Grade, HandIn, ReviewRequest

__all__ = [
    "AllocationRun",
    "Certificate",
    "ConflictOfInterest",
    "Criterion",
    "Difficulty",
    "Evaluation",
    "Grade",
    "HandIn",
    "JoinRequest",
    "ManualMove",
    "Mentor",
    "MentorChoice",
    "Placement",
    "Preference",
    "PreferenceList",
    "Project",
    "ProjectStage",
    "Proposal",
    "Refusal",
    "ReviewRequest",
    "SavedProject",
    "Seeker",
    "SelectionRound",
    "Team",
    "TeamMember",
]
