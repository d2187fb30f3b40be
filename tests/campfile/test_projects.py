"""The project stage in a camp file: loaded, written back, shifted and cloned, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from camp import campfile
from camp.camps.models import Camp
from camp.projects.models import Evaluation, Project, ProjectStage, SelectionRound
from tests.campfile.sample import PROJECTS, SMALL, edited, line_of, without
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_preferences,
    make_project_student,
    make_proposal,
    make_team,
)

FULL = SMALL + PROJECTS
SECOND_TOPIC = "[[project_stage.projects]]\nnumber = 2"
SECOND_ROUND = "[[project_stage.rounds]]\nnumber = 2"
LAST_CRITERION = '[[project_stage.criteria]]\nkey = "report"'


@pytest.fixture
def camp(db):
    campfile.load(FULL, source_name="camp.toml")
    return Camp.objects.get()


@pytest.fixture
def project_stage(camp):
    return camp.project_stage


def dropped(first):
    """The file without the table that begins so."""
    start = FULL.index(first)
    end = FULL.find("\n[[", start + len(first))
    return FULL[:start] + ("" if end == -1 else FULL[end + 1 :])


def test_a_project_stage_is_loaded(camp, project_stage):
    first, second = project_stage.projects.all()

    assert (project_stage.stage.key, project_stage.team_size_limit) == ("project", 4)
    assert project_stage.topics_published_at == datetime(2024, 8, 10, 2, tzinfo=UTC)
    assert (first.support_project.name, first.skills, first.seats) == ("Anchor", ["C++", "CUDA"], 3)
    assert (second.support_project, second.skills, second.seats) == (None, [], 1)
    assert (first.status, second.status) == ("open", "draft")
    assert [(row.key, row.weight, row.max_points) for row in project_stage.criteria.all()] == [
        ("correctness", 3, 10), ("report", 1, 5)
    ]  # fmt: skip
    assert [(row.number, row.method) for row in project_stage.rounds.all()] == [(1, "matching"), (2, "assignment")]


def test_loading_again_changes_nothing_and_keeps_the_seed(camp, project_stage, load):
    seeds = list(project_stage.rounds.values_list("seed", flat=True))

    report = load(FULL)

    assert report == {"created": [], "changed": [], "removed": []}
    assert list(project_stage.rounds.values_list("seed", flat=True)) == seeds


def test_a_change_says_what_it_was(camp, load):
    text = edited("seats = 3", "seats = 5", text=edited('"Anchor"\ndiff', '"Buoy"\ndiff', text=FULL))

    assert load(text)["changed"] == ["project 1: support_project: Anchor → Buoy; seats: 3 → 5"]


def test_what_nobody_used_is_removed(camp, load):
    assert load(dropped(SECOND_TOPIC))["removed"] == ["project 2"]
    assert load(SMALL)["removed"][:6] == [
        "project 1", "selection round 2", "selection round 1", "criterion report", "criterion correctness",
        "project stage “Summer camp · Project”",
    ]  # fmt: skip
    assert ProjectStage.objects.count() == 0


def test_a_dump_loads_without_a_change(camp, load):
    text = campfile.dump(camp)

    assert load(text) == {"created": [], "changed": [], "removed": []}
    assert campfile.dump(camp) == text


def test_people_never_travel(camp, project_stage):
    make_placed_team(project_stage)
    make_mentor(project_stage)
    project_stage.projects.update(reserved_for=project_stage.teams.get())

    text = campfile.dump(camp)

    tables = {line for line in text.splitlines() if line.startswith("[[project_stage")}
    assert tables == {"[[project_stage.criteria]]", "[[project_stage.rounds]]", "[[project_stage.projects]]"}
    assert [word for word in ("seed", "mentor =", "reserved_for", "team =", "rank") if word in text] == []


def test_a_clone_has_the_stage_a_year_later_and_a_seed_of_its_own(camp, project_stage):
    make_placed_team(project_stage)

    campfile.clone(camp, slug="next", days=364)

    clone = ProjectStage.objects.get(camp__slug="next")
    assert clone.teams_lock_at - project_stage.teams_lock_at == timedelta(days=364)
    assert [row.title for row in clone.projects.all()] == ["Faster winches", "Lamps"]
    assert clone.rounds.get(number=1).closes_at == project_stage.rounds.get(number=1).closes_at + timedelta(days=364)
    assert SelectionRound.objects.values("seed").distinct().count() == 4
    assert clone.teams.count() == 0


def test_proposed_topics_are_left_alone(camp, project_stage, load):
    topic = make_proposed_topic(project_stage, number=7)

    assert campfile.dump(camp).count("[[project_stage.projects]]") == 2
    assert load(FULL)["removed"] == []
    assert Project.objects.filter(pk=topic.pk).exists()


def test_the_number_of_a_proposed_topic_is_taken(project_stage, refusal):
    make_proposed_topic(project_stage, number=7)
    text = FULL + '\n[[project_stage.projects]]\nnumber = 7\ntitle = "Seven"\nsummary = "Seventh."\n'

    assert refusal(text) == [
        (
            line_of("number = 7", text=text), "project_stage.projects[2].number",
            "7 is the number of a topic that students proposed. Choose another.",
        )
    ]  # fmt: skip


def make_proposed_topic(project_stage, *, number):
    topic = Project.objects.create(project_stage=project_stage, number=number, title="Ours", summary="Our own.")
    make_proposal(make_team(project_stage), project=topic, status="accepted")
    return topic


def make_placed_team(project_stage):
    """A team with a list, placed on the first project by the first round."""
    team, first = make_team(project_stage), project_stage.projects.get(number=1)
    selection = project_stage.rounds.get(number=1)
    make_preferences(selection, team, first)
    make_placement(selection, team, first, choice=1)
    return team


MISTAKES = [
    ('stage = "project"', 'stage = "projects"', "project_stage.stage",
     "There is no stage “projects”. Did you mean “project”?"),
    ('stage = "project"', 'stage = "foundation"', "project_stage.stage", "Choose a stage of the kind “project”."),
    ("hand_in_closes_at = 2024-09-26", "hand_in_closes_at = 2024-08-19", "project_stage.hand_in_closes_at",
     "This must be later than “teams_lock_at”."),
    ("mentors_close_at = 2024-08-22", "mentors_close_at = 2024-08-19", "project_stage.rounds[0].mentors_close_at",
     "This must not be earlier than “closes_at”."),
    ("closes_at = 2024-08-24 10:00:00\nm", "closes_at = 2024-08-22 10:00:00\nm", "project_stage.rounds[1].closes_at",
     "This must be later than “opens_at”."),
    ("number = 2\ntitle", "number = 1\ntitle", "project_stage.projects[1].number",
     "“1” stands here twice. Choose another."),
    ('key = "report"', 'key = "correctness"', "project_stage.criteria[1].key",
     "“correctness” stands here twice. Choose another."),
    ('"Anchor"\ndiff', '"Anchr"\ndiff', "project_stage.projects[0].support_project",
     "The organization has no project “Anchr”. Did you mean “Anchor”?"),
    ('"advanced"', '"hard"', "project_stage.projects[0].difficulty",
     "“hard” is none of: starter, intermediate, advanced."),
    ('["C++", "CUDA"]', '"C++"', "project_stage.projects[0].skills",
     'Write a list of short texts, such as ["Rust", "CUDA"].'),
    ('["C++", "CUDA"]', '["C++", "C++"]', "project_stage.projects[0].skills[1]",
     "“C++” stands here twice. Choose another."),
    ("seats = 3", "seats = 0", "project_stage.projects[0].seats", "“seats” must not be less than “least_teams”."),
    ("team_size_min = 2", "team_size_min = 9", "project_stage.projects[0].team_size_max",
     "“team_size_max” must not be less than “team_size_min”."),
    ("team_size_min = 2", "team_size_min = 0", "project_stage.projects[0].team_size_min",
     "A team has at least 1 person."),
    ("team_size_limit = 4", "team_size_limit = 0", "project_stage.team_size_limit",
     "Ensure this value is greater than or equal to 1."),
    ('summary = "Blink', 'seat = 2\nsummary = "Blink', "project_stage.projects[1].seat",
     "There is no key “seat” here. Did you mean “seats”?"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new", "path", "sentence"), MISTAKES)
def test_a_mistake_has_its_place(refusal, old, new, path, sentence):
    stage, projects = FULL[: FULL.index("[project_stage]")], FULL[FULL.index("[project_stage]") :]

    assert [found[1:] for found in refusal(stage + edited(old, new, text=projects))] == [(path, sentence)]


@pytest.mark.django_db
def test_one_table_that_should_be_several_is_a_mistake(refusal):
    text = FULL.replace("[project_stage]", "[[project_stage]]")

    assert [path for _line, path, _sentence in refusal(text)] == ["project_stage"]


@pytest.mark.django_db
def test_open_source_projects_may_be_stored_only(refusal, load):
    load(SMALL)
    text = without("projects = [\n", "\n[camp]\nslug", text=FULL)

    load(text)

    assert Project.objects.get(number=1).support_project.name == "Anchor"
    assert refusal(edited('"Anchor"', '"Anchr"', text=text)) == [
        (
            line_of('"Anchr"', text=edited('"Anchor"', '"Anchr"', text=text)),
            "project_stage.projects[0].support_project",
            "The organization has no project “Anchr”. Did you mean “Anchor”?",
        )
    ]


def test_what_teams_chose_is_put_back(project_stage, refusal):
    team = make_team(project_stage)
    make_preferences(project_stage.rounds.get(number=1), team, project_stage.projects.get(number=2))

    assert [found[1:] for found in refusal(dropped(SECOND_TOPIC))] == [
        ("project_stage.projects", "Project 2 is no longer in the file, but it has choices of teams. Put it back.")
    ]


def test_a_round_with_placements_is_put_back(project_stage, refusal):
    make_placement(project_stage.rounds.get(number=2), make_team(project_stage))

    assert [found[1:] for found in refusal(dropped(SECOND_ROUND))] == [
        ("project_stage.rounds", "Round 2 is no longer in the file, but it has placements of teams. Put it back.")
    ]


def test_a_criterion_with_points_is_put_back_and_keeps_its_maximum(project_stage, refusal):
    team = make_placed_team(project_stage)
    Evaluation.objects.create(placement=team.placements.get(), enrollment=team.lead, points={"report": 5})

    assert [found[1:] for found in refusal(dropped(LAST_CRITERION))] == [
        (
            "project_stage.criteria",
            "Criterion “report” is no longer in the file, but has points (1 times). Put it back.",
        )
    ]
    assert [found[1:] for found in refusal(edited('name = "Report"', 'name = "R"\nmax_points = 4', text=FULL))] == [
        (
            "project_stage.criteria[1].max_points",
            "A student has 5 points by this criterion. Write at least that many.",
        )
    ]


def test_a_published_grade_keeps_its_rubric(project_stage, load, refusal):
    team = make_placed_team(project_stage)
    Evaluation.objects.create(
        placement=team.placements.get(), enrollment=team.lead, points={"correctness": 3, "report": 5}, grade="pass",
        confirmed_at=datetime.now(UTC), confirmed_by=team.lead.student, published_at=datetime.now(UTC),
    )  # fmt: skip
    added = FULL + '\n[[project_stage.criteria]]\nkey = "talk"\nname = "Talk"\n'

    assert [found[1:] for found in refusal(edited("weight = 3", "weight = 2", text=FULL))] == [
        ("project_stage.criteria[0].weight", "Grades by this rubric are published, so this stays 3.")
    ]
    assert [found[1:] for found in refusal(added)] == [
        (
            "project_stage.criteria[2].key",
            "Grades by this rubric are published, so no criterion is added. Take it out.",
        )
    ]
    assert load(edited('name = "Report"', 'name = "Written report"', text=FULL))["changed"] != []


def test_a_stage_with_teams_or_mentors_is_put_back(project_stage, refusal):
    make_team(project_stage)
    make_mentor(project_stage)

    found = refusal(FULL[: FULL.index("[project_stage]")])

    assert [one[1:] for one in found] == [
        ("", "The table [project_stage] is no longer in the file, but it has mentors, teams. Put it back.")
    ]


def test_what_teams_chose_keeps_its_state(project_stage, refusal):
    make_placed_team(project_stage)
    make_preferences(project_stage.rounds.get(number=2), make_team(project_stage), project_stage.projects.get(number=1))
    make_placement(project_stage.rounds.get(number=2), make_team(project_stage), project_stage.projects.get(number=1))
    text = edited("seats = 3", "seats = 1", text=edited('status = "open"', 'status = "withdrawn"', text=FULL))

    assert [found[1:] for found in refusal(text)] == [
        ("project_stage.projects[0].seats", "2 teams have a seat already. Write at least that many."),
        (
            "project_stage.projects[0].status",
            "Teams have this project on their lists: change its state in the admin, so that they are told. "
            "On the site it is “open”.",
        ),
    ]


def test_teams_are_not_made_too_large(project_stage, refusal):
    people = [make_project_student(project_stage) for _person in range(2)]
    make_team(project_stage, members=people)

    assert [found[1:] for found in refusal(edited("team_size_limit = 4", "team_size_limit = 2", text=FULL))] == [
        ("project_stage.team_size_limit", "A team has 3 people already. Write at least that many.")
    ]


def test_an_open_source_project_of_another_camp_is_put_back(camp, refusal):
    campfile.clone(camp, slug="next", days=364)
    text = edited('"Anchor"\ndiff', '"Buoy"\ndiff', text=FULL)

    assert [found[1:] for found in refusal(edited('name = "Anchor"', 'name = "Kedge"', text=text))] == [
        (
            "organization.projects",
            "Project “Anchor” is no longer in the file, but topics of camps belong to it. Put it back.",
        )
    ]
