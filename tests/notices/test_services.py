import pytest
from django.template import TemplateDoesNotExist

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
    return lambda text: (tmp_path / "notices" / "sample.txt").write_text(text)


def queue(user, **fields):
    return services.queue("sample", to=user, **fields)


def test_a_notice_has_a_title_a_text_and_a_mail(template):
    template("You are in\n\nThe first line.\n\nThe second.\n")
    user, camp = make_user("rowan"), make_camp()

    notice = queue(user, camp=camp, url="/my/")

    assert (notice.title, notice.body) == ("You are in", "The first line.\n\nThe second.")
    assert (notice.recipient, notice.camp, notice.kind, notice.url) == (user, camp, "sample", "/my/")
    assert (notice.mail.to, notice.mail.subject, notice.mail.camp) == (user.email, "You are in", camp)
    assert not notice.mail.is_private


def test_a_notice_is_as_old_as_what_it_tells(template):
    template("You are in\n")

    assert queue(make_user(), at=NOW).created_at == NOW


def test_the_mail_greets_by_name_and_carries_the_address(template, settings):
    template("You are in\nWelcome & <well> done.\n")
    user = make_user(display_name="Rowan & <Ash>", language="en")

    body = queue(user, url="/my/").mail.body

    assert body == (
        "Hello Rowan & <Ash>,\n\nYou are in\n\nWelcome & <well> done.\n\n"
        f"{settings.SITE_URL}/my/\n\n--\nCamp · All your notices: {settings.SITE_URL}/my/notices/\n"
    )


def test_a_notice_of_one_line_has_no_text(template):
    template("You are in")

    notice = queue(make_user(language="en"))

    assert (notice.title, notice.body) == ("You are in", "")
    assert "\n\n\n" not in notice.mail.body


def test_a_title_stays_on_one_line_and_fits(template):
    template("{{ words }}\nA text")

    notice = queue(make_user(), words="You\rare\vin " + "x" * 400)

    assert notice.title.startswith("You are in xxx")
    assert len(notice.title) == len(notice.mail.subject) == 300


def test_a_notice_is_in_the_language_of_its_reader(template):
    template("{% load i18n %}{% get_current_language as code %}{{ code }}")

    assert [queue(make_user(language=code)).title for code in ("en", "zh-hans", "")] == ["en", "zh-hans", "zh-hans"]


def test_a_notice_can_do_without_a_mail(template):
    template("You are in")

    assert queue(make_user(), mail=False).mail is None
    assert Mail.objects.count() == 0


def test_somebody_without_an_address_has_the_notice_only(template):
    template("You are in")

    assert queue(make_user(email="")).mail is None


def test_an_unknown_kind_is_an_error_of_the_caller():
    with pytest.raises(TemplateDoesNotExist):
        services.queue("no/such/kind", to=make_user())

    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)


def test_read_all_reads_ones_own_and_keeps_the_first_moment():
    user, stranger = make_user(), make_user()
    for recipient, read_at in ((user, None), (user, NOW), (stranger, None)):
        Notice.objects.create(recipient=recipient, kind="sample", title="You are in", read_at=read_at)

    assert services.read_all(user) == 1
    assert Notice.objects.of(user).unread().count() == 0
    assert Notice.objects.filter(read_at=NOW).count() == 1
    assert Notice.objects.of(stranger).unread().count() == 1
