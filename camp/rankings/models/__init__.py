from camp.rankings.models.attempt import Attempt
from camp.rankings.models.course import Exercise, UploadToken
from camp.rankings.models.grader import RegisteredRepository, ReviewedCommit, TrustedGrader
from camp.rankings.models.standing import Standing

__all__ = [
    "Attempt",
    "Exercise",
    "RegisteredRepository",
    "ReviewedCommit",
    "Standing",
    "TrustedGrader",
    "UploadToken",
]
