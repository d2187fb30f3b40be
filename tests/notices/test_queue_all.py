"""The same notice to many people at once: each in their language and zone, in a few statements."""

import pytest
from django.db import connection
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from camp.notices import services
from camp.notices.models import Mail, Notice
from tests.factories import NOW, make_camp, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(settings, tmp_path):
    """Writes the words of a kind."""
    (tmp_path / "notices").mkdir()
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]

    def write(text):
        (tmp_path / "notices" / "sample.txt").write_text(text)

    write("You are in\n\nThe text.\n")
    return write


@pytest.fixture
def camp():
    return make_camp(time_zone="Asia/Shanghai")


def queue_all(people, camp, **fields):
    return services.queue_all("sample", to=people, camp=camp, **fields)


def titles():
    return dict(Notice.objects.values_list("recipient__handle", "title"))


def test_everybody_gets_a_notice_and_its_mail(template, camp):
    people = [make_user("rowan"), make_user("ash")]

    assert queue_all(people, camp, url="/my/", at=NOW) == 2

    for person in people:
        notice = Notice.objects.get(recipient=person)
        assert (notice.title, notice.body, notice.url) == ("You are in", "The text.", "/my/")
        assert (notice.kind, notice.camp, notice.created_at, notice.read_at) == ("sample", camp, NOW, None)
        assert (notice.mail.to, notice.mail.subject, notice.mail.camp) == (person.email, "You are in", camp)
        assert not notice.mail.is_private


@pytest.mark.parametrize("language", ["en", "zh-hans", ""])
def test_the_mail_is_the_one_that_queue_writes(template, camp, language):
    template("{% load i18n %}{% translate 'Profile' %} & <more>\n\nThe text.\n")
    person = make_user("rowan", display_name="Rowan & <Ash>", language=language)

    services.queue("sample", to=person, camp=camp, url="/my/")
    queue_all([person], camp, url="/my/")

    one, other = Mail.objects.order_by("id")
    assert (one.to, one.subject, one.body, one.html) == (other.to, other.subject, other.body, other.html)


def test_everybody_is_greeted_by_their_own_name(template, camp):
    people = [make_user(f"user-{name}", display_name=name, language="en") for name in ("Rowan", "小明", "{{ x }} %s")]

    queue_all(people, camp)

    greetings = list(Mail.objects.order_by("id").values_list("body", flat=True))
    assert [body.split("\n")[0] for body in greetings] == ["Hello Rowan,", "Hello 小明,", "Hello {{ x }} %s,"]


def test_words_are_in_the_language_of_each_reader(template, camp):
    template("{% load i18n %}{% get_current_language as code %}{{ code }}")

    queue_all([make_user(f"reader-{code or 'none'}", language=code) for code in ("en", "zh-hans", "")], camp)

    assert titles() == {"reader-en": "en", "reader-zh-hans": "zh-hans", "reader-none": "zh-hans"}


def test_times_are_in_the_zone_of_each_reader_and_else_in_the_camps(template, camp):
    template("{{ moment|date:'H:i' }} {% zone_name %}")

    zones = {"berlin": "Europe/Berlin", "none": ""}
    queue_all([make_user(handle, time_zone=zone, language="en") for handle, zone in zones.items()], camp, moment=NOW)

    assert titles() == {"berlin": "14:00 Berlin", "none": "20:00 Shanghai"}


def test_the_words_are_rendered_once_for_a_language_and_a_zone(template, camp):
    rendered = []

    class Word:
        def __str__(self):
            rendered.append(self)
            return "word"

    template("{{ word }}")
    people = [make_user(language="en") for _number in range(3)] + [make_user(language="en", time_zone="Europe/Berlin")]

    queue_all(people, camp, word=Word())

    assert len(rendered) == 2


def test_who_has_no_address_has_the_notice_only(template, camp):
    people = [make_user("rowan", email=""), make_user("ash")]

    assert queue_all(people, camp) == 2
    assert Notice.objects.get(recipient__handle="rowan").mail is None
    assert [mail.to for mail in Mail.objects.all()] == ["ash@example.org"]


def test_it_can_do_without_mails(template, camp):
    assert queue_all([make_user()], camp, mail=False) == 1
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)


def test_nobody_is_nothing(template, camp):
    assert queue_all([], camp) == 0


def test_a_title_stays_on_one_line_and_fits(template, camp):
    template("{{ words }}\nA text")

    queue_all([make_user()], camp, words="You\rare\vin " + "x" * 400)

    notice = Notice.objects.get()
    assert notice.title.startswith("You are in xxx")
    assert len(notice.title) == len(notice.mail.subject) == 300


def test_all_or_nobody(template, camp):
    """One reader whose words cannot be found leaves no half of the others told."""
    template(
        "{% load i18n %}{% get_current_language as code %}{% if code == 'en' %}{% include 'nowhere.txt' %}{% endif %}"
    )
    people = [make_user(language="zh-hans"), make_user(language="en")]

    with pytest.raises(TemplateDoesNotExist):
        queue_all(people, camp)

    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)


def test_many_people_cost_as_many_statements_as_few(template, camp):
    def asked(number):
        people = [make_user(language="en") for _number in range(number)]
        with CaptureQueriesContext(connection) as queries:
            queue_all(people, camp)
        return len(queries)

    assert asked(1) == asked(30)


def test_preview_is_the_mail_that_would_be_written(template, camp):
    person = make_user("rowan", language="zh-hans")

    mail = services.preview("sample", to=person, language="zh-hans", camp=camp, url="/my/")
    assert Mail.objects.count() == 0

    queue_all([person], camp, url="/my/")
    assert (mail.to, mail.subject, mail.body) == Mail.objects.values_list("to", "subject", "body").get()
