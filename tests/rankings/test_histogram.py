"""What is read off the histogram, against all standings: who has a place, and how points are spread."""

from random import Random

import pytest

from camp.rankings import boards, histogram
from camp.rankings.board_page.distribution import edges_of, spread
from camp.rankings.models import FrozenStanding, ScoreRange, Standing
from tests.factories import NOW, make_camp, make_course, make_stage
from tests.rankings.crowd import make_crowd, make_standings

pytestmark = pytest.mark.django_db
PEOPLE = 120


def make_full_board(maximum):
    """People with any points, thousandths among them, over some hours, with ties."""
    chance, course = Random(maximum), make_course(make_stage(make_camp()), max_points=maximum)  # noqa: S311
    enrollments = make_crowd(course.camp, PEOPLE)
    points = [chance.choice([0, maximum, chance.randrange(maximum), chance.randrange(1000 * maximum) / 1000])
              for _each in enrollments]  # fmt: skip
    make_standings(course, enrollments, [(one, chance.choice([0, 59, 3600, 9000, 20_000])) for one in points])
    return course


@pytest.mark.parametrize("maximum", [1, 7, 30, 95, 257, 600, 611, 5000])
def test_points_are_spread_as_if_each_were_counted(maximum):
    course = make_full_board(maximum)
    exact = [(points, 1) for points in Standing.objects.values_list("points", flat=True)]

    scores = boards.edition_for(course).scores(edges=edges_of(maximum))

    assert spread(scores, maximum=maximum) == spread(exact, maximum=maximum)
    assert ScoreRange.objects.count() <= histogram.MOST_RANGES + 1


@pytest.mark.parametrize("maximum", [30, 600])
def test_every_place_is_found_by_its_number(maximum):
    course = make_full_board(maximum)
    boards.freeze(course, by=None, at=NOW)

    for model in (Standing, FrozenStanding):
        places = model.objects.on_board(course)
        keys = [histogram.key_at(places, course.pk, number) for number in range(1, PEOPLE + 2)]

        assert keys == [*places.values_list("points", "reached_at", "pk"), None]
