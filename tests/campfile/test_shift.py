from datetime import UTC, datetime, timedelta

import pytest

from camp import campfile
from camp.camps.models import Camp
from camp.stages.models import Course
from tests.campfile.sample import SMALL, edited
from tests.factories import NOW, make_enrollment


@pytest.fixture
def document():
    return campfile.read(SMALL, source_name="camp.toml")


def test_every_moment_moves(document):
    later = campfile.shift(document, days=7)

    week = timedelta(days=7)
    assert later.camp.starts_at == document.camp.starts_at + week
    assert later.camp.registration_closes_at == document.camp.registration_closes_at + week
    assert [stage.opens_at for stage in later.stages] == [stage.opens_at + week for stage in document.stages]
    assert [row.ends_at for row in later.meetings] == [row.ends_at + week for row in document.meetings]
    assert [row.published_at for row in later.announcements] == [
        row.published_at + week for row in document.announcements
    ]


def test_nothing_else_changes(document):
    assert campfile.shift(campfile.shift(document, days=40), days=-40) == document


def test_document_itself_stays(document):
    campfile.shift(document, days=40)

    assert document == campfile.read(SMALL, source_name="camp.toml")


def test_keys_that_were_not_given_stay_not_given(document):
    later = campfile.shift(document, days=1)

    assert later.organization.model_fields_set == document.organization.model_fields_set


def test_hour_of_the_clock_stays_over_a_change_of_the_clocks():
    text = edited('"Asia/Shanghai"', '"Europe/Berlin"')

    later = campfile.shift(campfile.read(text, source_name="camp.toml"), days=180)

    assert later.camp.starts_at == datetime(2025, 1, 1, 23, 0, tzinfo=UTC)  # Midnight in Berlin, as before.


@pytest.mark.parametrize("days", [100_000, -100_000, 10**9, 10**12])
def test_dates_beyond_the_calendar_are_refused(document, days):
    with pytest.raises(campfile.CampFileError, match="Shift by fewer days"):
        campfile.shift(document, days=days)


def test_shifted_document_is_loaded(db, document):
    campfile.load_document(campfile.shift(document, days=365))

    assert Camp.objects.get().starts_at == datetime(2025, 7, 5, 16, 0, tzinfo=UTC)


def test_clone_is_a_new_season_without_people_and_secrets(camp):
    make_enrollment(camp, at=NOW)

    campfile.clone(camp, slug="next", days=364, name="Next summer", upload_ids={1: 9101})

    new = Camp.objects.get(slug="next")
    assert (new.name, new.is_published, new.group_link, new.seats_taken) == ("Next summer", False, "", 0)
    assert new.starts_at == camp.starts_at + timedelta(days=364)
    assert dict(Course.objects.filter(camp=new).values_list("number", "upload_id")) == {1: 9101, 2: None, 3: None}
    assert [stage.group_link for stage in new.stages.all()] == ["", ""]
    assert (new.enrollments.count(), new.announcements.count(), new.meetings.count()) == (0, 0, 2)


def test_clone_leaves_the_old_season_as_it_is(camp):
    before = campfile.dump(camp)

    campfile.clone(camp, slug="next", days=364)

    assert campfile.dump(Camp.objects.get(slug="summer")) == before


def test_clone_over_an_existing_camp_is_refused(camp):
    with pytest.raises(campfile.CampFileError, match="There is a camp “SUMMER” already. Choose another."):
        campfile.clone(camp, slug="SUMMER", days=364)


def test_clone_with_an_upload_id_in_use_is_refused(camp):
    with pytest.raises(campfile.CampFileError, match="9002 is the upload id of course 2 in Harbour/summer"):
        campfile.clone(camp, slug="next", days=364, upload_ids={1: 9002})

    assert Camp.objects.count() == 1
