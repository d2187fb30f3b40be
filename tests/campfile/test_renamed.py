"""Exercises that were renamed in the middle of a season, and the date from which a course needs proof."""

from datetime import UTC, datetime, timedelta

from camp import campfile
from camp.rankings.models import Exercise
from camp.stages.models import Course
from tests.campfile.sample import SMALL, edited

RENAMED = edited('"intro2"', '{ name = "variables1", was = ["intro2"] }')
PROOF = edited("upload_id = 9002\n", "upload_id = 9002\nproof_from = 2024-07-28 00:00:00\n")


def rust():
    """(name, former names) of the Rust course, in order."""
    return list(Exercise.objects.filter(course__number=2).values_list("name", "former_names"))


def ids():
    return list(Exercise.objects.filter(course__number=2).values_list("pk", flat=True))


def test_a_renamed_exercise_stays_the_same_row(camp, load):
    before = ids()

    report = load(RENAMED)

    assert report == {
        "created": [],
        "changed": ["course 2: exercises: 3 (intro1 … quiz) → 3 (intro1 … quiz); was: – → variables1 (intro2)"],
        "removed": [],
    }
    assert rust() == [("intro1", []), ("variables1", ["intro2"]), ("quiz", [])]
    assert ids() == before


def test_a_renamed_exercise_loads_again_without_change(camp, load):
    load(RENAMED)

    assert load(RENAMED) == {"created": [], "changed": [], "removed": []}


def test_renaming_again_keeps_every_former_name(camp, load):
    load(RENAMED)
    before = ids()

    load(edited('"intro2"', '{ name = "variables2", was = ["intro2", "variables1"] }'))

    assert rust()[1] == ("variables2", ["intro2", "variables1"])
    assert ids() == before


def test_without_was_the_old_one_goes_and_another_comes(camp, load):
    before = ids()

    report = load(edited('"intro2"', '"variables1"'))

    assert report["changed"] == ["course 2: exercises: 3 (intro1 … quiz) → 3 (intro1 … quiz)"]
    assert rust() == [("intro1", []), ("variables1", []), ("quiz", [])]
    assert ids()[1] not in before


def test_was_that_is_left_out_is_given_up(camp, load):
    load(RENAMED)

    report = load(edited('"intro2"', '"variables1"'))

    assert report["changed"] == [
        "course 2: exercises: 3 (intro1 … quiz) → 3 (intro1 … quiz); was: variables1 (intro2) → –"
    ]
    assert rust()[1] == ("variables1", [])


def test_two_stored_exercises_become_one(camp, load):
    load(edited('["intro1", "intro2", "quiz"]', '[{ name = "both", was = ["intro2", "intro1"] }, "quiz"]'))

    assert rust() == [("both", ["intro2", "intro1"]), ("quiz", [])]


def test_a_name_that_is_stored_goes_before_a_former_one(camp, load):
    kept = ids()[1]

    load(edited('["intro1", "intro2", "quiz"]', '[{ name = "intro2", was = ["intro1"] }, "quiz"]'))

    assert (ids()[0], rust()[0]) == (kept, ("intro2", ["intro1"]))


def test_the_order_of_a_renamed_list_is_that_of_the_file(camp, load):
    load(edited('["intro1", "intro2", "quiz"]', '["quiz", { name = "b", was = ["intro2"] }, "new", "intro1"]'))

    assert [name for name, _former in rust()] == ["quiz", "b", "new", "intro1"]


def test_a_camp_with_renamed_exercises_is_dumped_as_it_is_loaded(camp, load):
    load(RENAMED)
    text = campfile.dump(camp)

    assert 'exercises = [\n    "intro1",\n    { name = "variables1", was = ["intro2"] },\n    "quiz",\n]\n' in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged
    assert campfile.dump(camp) == text


def test_a_numbered_exercise_that_was_renamed_is_written_out(camp, load):
    first = Exercise.objects.filter(course__number=1).first()
    first.rename("hello")
    first.save()

    text = campfile.dump(camp)

    assert '    { name = "hello", was = ["exercise00"] },\n    "exercise01",\n' in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged


def test_a_clone_keeps_the_former_names(camp, load):
    load(RENAMED)

    campfile.clone(camp, slug="winter", days=180)

    cloned = Exercise.objects.filter(course__camp__slug="winter", course__number=2)
    assert list(cloned.values_list("former_names", flat=True)) == [[], ["intro2"], []]


# The date from which proof is needed.


def test_proof_is_needed_from_the_moment_of_the_file(camp, load):
    report = load(PROOF)

    assert report["changed"] == ["course 2: proof_from: – → 2024-07-28 00:00:00"]
    assert Course.objects.get(number=2).proof_from == datetime(2024, 7, 27, 16, 0, tzinfo=UTC)
    assert load(SMALL)["changed"] == ["course 2: proof_from: 2024-07-28 00:00:00 → –"]


def test_the_moment_of_proof_is_dumped(camp, load):
    load(PROOF)
    text = campfile.dump(camp)

    assert "proof_from = 2024-07-28 00:00:00\n" in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged


def test_the_moment_of_proof_moves_with_the_season(camp, load):
    load(PROOF)

    campfile.clone(camp, slug="winter", days=180)

    moments = dict(Course.objects.filter(number=2).values_list("camp__slug", "proof_from"))
    assert moments["winter"] == moments["summer"] + timedelta(days=180)
