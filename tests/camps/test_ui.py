"""The shared template pieces: what they show, and that they need no query."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.utils import timezone, translation

from camp.camps import times
from camp.stages.rules import Line
from tests.factories import make_camp, make_staff_role, make_superuser, make_user

EVENING = datetime(2024, 7, 24, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, a Wednesday.
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = EVENING - timedelta(hours=2, minutes=5)


@pytest.fixture(autouse=True)
def english_reader_in_shanghai():
    with translation.override("en"), timezone.override(SHANGHAI):
        yield


def render(text, request=None, **context):
    return engines["django"].from_string(text).render(context, request).strip()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("30.000"), "30"), (Decimal("27.500"), "27.5"), (Decimal("1E+2"), "100"), (Decimal("0.000"), "0"),
        (100, "100"), (0, "0"), (None, ""), ("", ""),
    ],
)  # fmt: skip
def test_points_have_no_trailing_zeros(value, shown):
    assert render("{{ value|points }}", value=value) == shown


def test_moment_names_the_viewers_zone_and_how_far_away():
    moment = times.moment(EVENING, zone=SHANGHAI, now=NOW)

    assert (moment.text, moment.zone, moment.relative) == ("Wed 24 Jul 2024, 20:00", "Shanghai", "in 2\xa0hours")
    assert (moment.there, moment.there_zone) == ("", "")


@pytest.mark.parametrize(
    ("hours", "there"),
    [(0, "20:00"), (8, "Thu 25 Jul 2024, 04:00")],
    ids=["same day", "another day"],
)
def test_moment_shows_the_camps_clock_beside_another_one(hours, there):
    with timezone.override(BERLIN):
        moment = times.moment(EVENING + timedelta(hours=hours), zone=SHANGHAI, now=NOW)

    assert (moment.zone, moment.there, moment.there_zone) == ("Berlin", there, "Shanghai")


def test_moment_does_not_repeat_a_clock_that_agrees():
    moment = times.moment(EVENING, zone=ZoneInfo("Asia/Singapore"), now=NOW)

    assert moment.there == ""


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=15), "in 2\xa0weeks"), (timedelta(minutes=59), "in 59\xa0minutes"),
        (timedelta(seconds=59), "now"), (timedelta(seconds=-59), "now"), (-timedelta(days=3, hours=5), "3\xa0days ago"),
    ],
)  # fmt: skip
def test_relative_time_is_in_its_largest_unit(away, words):
    assert times.relative(NOW + away, NOW) == words


def test_moment_tag_gives_the_exact_time():
    html = render("{% moment value camp %}", value=EVENING, camp=SimpleNamespace(zone=SHANGHAI))

    assert 'datetime="2024-07-24T20:00:00+08:00"' in html


def test_moment_and_period_of_nothing_show_nothing():
    assert render("{% moment value %}{% period value value %}", value=None) == ""


def test_period_of_one_day_says_the_day_once():
    period = times.period(EVENING, EVENING + timedelta(hours=1), zone=SHANGHAI)

    assert (period.here.first, period.here.dash, period.here.last) == ("Wed 24 Jul 2024, 20:00", "–", "21:00")
    assert period.there is None


def test_period_of_one_day_here_and_there_says_that_day_once():
    with timezone.override(BERLIN):
        period = times.period(EVENING, EVENING + timedelta(hours=1), zone=SHANGHAI)

    assert (period.here.first, period.here.last, period.here.zone) == ("Wed 24 Jul 2024, 14:00", "15:00", "Berlin")
    assert (period.there.first, period.there.last, period.there.zone) == ("20:00", "21:00", "Shanghai")


def test_period_over_days_shows_the_camps_clock_beside_another_one():
    with timezone.override(BERLIN):
        period = times.period(EVENING, EVENING + timedelta(days=1), zone=SHANGHAI)

    assert (period.here.first, period.here.last) == ("Wed 24 Jul 2024, 14:00", "Thu 25 Jul 2024, 14:00")
    assert (period.there.first, period.there.zone) == ("Wed 24 Jul 2024, 20:00", "Shanghai")


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (1, "24 Jul 2024"),
        (4, "24 Jul 2024"),
        (28, "24 Jul – 25 Jul 2024"),
        (24 * 180, "24 Jul 2024 – 20 Jan 2025"),
    ],
    ids=["hours", "until midnight", "days", "over New Year"],
)
def test_days_are_those_of_the_camps_calendar(hours, shown):
    html = render(
        "{% days start end camp %}",
        start=EVENING,
        end=EVENING + timedelta(hours=hours),
        camp=SimpleNamespace(zone=SHANGHAI),
    )

    assert html == shown


@pytest.mark.parametrize(
    ("key", "name"),
    [("Asia/Shanghai", "Shanghai"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_zone_is_named_by_its_city(key, name):
    assert times.zone_name(ZoneInfo(key)) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{% badge hostile "good" %}', '<span class="badge good">&lt;b&gt;</span>'),
        ('{% badge "a" %}', '<span class="badge plain">a</span>'),
        ('{% markdown "**a** <b>" %}', "<p><strong>a</strong> &lt;b&gt;</p>"),
    ],
)
def test_pieces_escape_what_they_are_given(text, shown):
    assert render(text, hostile="<b>") == shown


def test_card_keeps_its_content_and_escapes_its_title():
    html = render('{% card title=title id="next" %}<p>{{ title }}</p>{% endcard %}', title="<b>")

    assert " ".join(html.split()) == ('<section class="card" id="next"> <h2>&lt;b&gt;</h2> <p>&lt;b&gt;</p> </section>')


def test_meter_shows_no_more_than_is_needed():
    line = Line(label="C++", kind="points", done=Decimal(45), needed=Decimal(30))

    html = render("{% meter line %}", line=line)

    assert "30 / 30" in html
    assert 'class="meter-fill" width="100.00%"' in html


def test_page_links_keep_the_other_parameters(rf):
    page = Paginator(range(1000), 50).page(2)

    html = render("{% page_links page %}", request=rf.get("/?tab=rank&page=2"), page=page)

    assert html.count('href="?tab=rank&amp;page=3"') == 2
    assert html.count("aria-current") == 1


def test_page_links_of_one_page_show_nothing(rf):
    assert render("{% page_links page %}", request=rf.get("/"), page=Paginator([1], 50).page(1)) == ""


@pytest.mark.django_db
def test_only_staff_may_open_the_admin(django_assert_num_queries, rf):
    student, organizer, superuser = make_user(), make_staff_role(make_camp()).user, make_superuser()
    text = "{% may_open_admin as shown %}{{ shown }}"

    def shown_to(user):
        request = rf.get("/")
        request.user = user
        return render(text * 2, request=request)

    assert shown_to(superuser) == "TrueTrue"
    with django_assert_num_queries(1):
        assert shown_to(organizer) == "TrueTrue"
    with django_assert_num_queries(1):
        assert shown_to(student) == "FalseFalse"
    with django_assert_num_queries(0):
        assert render(text) == "False"


@pytest.mark.parametrize("name", ["400", "403_csrf", "500", "503"])
def test_a_page_for_trouble_needs_neither_request_nor_database(name):
    html = engines["django"].get_template(f"{name}.html").render()

    assert '<main id="content"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["403", "404"])
def test_a_refusal_keeps_the_way_home(name, rf):
    html = engines["django"].get_template(f"{name}.html").render({}, rf.get("/nowhere/"))

    assert '<nav class="site-nav"' in html
