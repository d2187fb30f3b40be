from camp.rankings.models.appearance import Appearance
from camp.rankings.models.attempt import Attempt
from camp.rankings.models.board import Board, ScoreCount, ScoreRange
from camp.rankings.models.correction import Correction
from camp.rankings.models.course import Exercise, UploadToken
from camp.rankings.models.grader import RegisteredRepository, ReviewedCommit, TrustedGrader
from camp.rankings.models.standing import FrozenStanding, Standing

__all__ = [
    "Appearance",
    "Attempt",
    "Board",
    "Correction",
    "Exercise",
    "FrozenStanding",
    "RegisteredRepository",
    "ReviewedCommit",
    "ScoreCount",
    "ScoreRange",
    "Standing",
    "TrustedGrader",
    "UploadToken",
]
