"""What the notices say: that each kind has its words, and that no secret is in them."""

import pytest
from django.utils import translation

from camp.accounts import services as accounts
from camp.enrollment import services as enrollment
from camp.enrollment.models import Enrollment
from camp.notices.models import Notice
from camp.stages import services as stages
from tests.factories import NOW, make_camp, make_enrollment, make_identity, make_requirement, make_stage, make_user

pytestmark = pytest.mark.django_db
SECRET = "https://chat.example.org/join-4711"
REASON = "Too <late> & more"


@pytest.fixture
def camp():
    return make_camp(name="Summer & <camp>", group_link=SECRET, group_name="The group")


@pytest.fixture
def student():
    return make_user("rowan", language="en")


@pytest.fixture
def stage(camp):
    stage = make_stage(camp, "professional", name="Professional", group_link=SECRET)
    make_requirement(stage, kind="item", item="A report")
    return stage


def applied(camp, student, status=Enrollment.Status.APPLIED):
    return make_enrollment(camp, student=student, status=status)


def told(student):
    """The only notice of the student, after a look at what every notice must keep."""
    notice = Notice.objects.get(recipient=student)
    assert SECRET not in notice.body + notice.mail.body
    assert "&amp;" not in notice.title + notice.mail.body
    assert notice.body in notice.mail.body
    return notice


def test_an_application_that_arrived(camp, student):
    camp.needs_approval = True
    camp.save()

    enrollment.apply(camp, student=student, at=NOW)

    assert told(student).title == "Your application to Summer & <camp> has arrived"


def test_an_admission(camp, student):
    enrollment.apply(camp, student=student, at=NOW)

    assert told(student).title == "You are enrolled in Summer & <camp>"


def test_a_place_on_the_waiting_list(camp, student):
    camp.capacity = 1
    camp.save()
    make_enrollment(camp)

    enrollment.apply(camp, student=student, at=NOW)

    assert told(student).title == "You are on the waiting list of Summer & <camp>"


def test_a_refusal_with_its_reason(camp, student):
    enrollment.decline(applied(camp, student), by=make_user("staff"), reason=REASON)

    notice = told(student)
    assert (notice.title, notice.body) == (
        "Your application to Summer & <camp> was declined", f"The staff wrote: {REASON}",
    )  # fmt: skip


def test_a_withdrawal(camp, student):
    enrollment.withdraw(applied(camp, student), by=student)

    assert told(student).title == "You have left Summer & <camp>"


def test_a_removal_with_its_reason(camp, student):
    place = make_enrollment(camp, student=student)
    Notice.objects.all().delete()

    enrollment.remove(place, by=make_user("staff"), reason=REASON)

    notice = told(student)
    assert notice.title == "You were taken out of Summer & <camp>"
    assert f"The staff wrote: {REASON}\n" in notice.body


@pytest.mark.parametrize(
    ("decision", "title"),
    [
        ("promote", "You are in the stage Professional"),
        ("hold", "You stay out of the stage Professional for now"),
    ],
)
def test_a_decision_about_a_stage_with_its_reason(camp, student, stage, decision, title):
    place = make_enrollment(camp, student=student)
    Notice.objects.all().delete()

    getattr(stages, decision)(place, stage, by=make_user("staff"), reason=REASON)

    notice = told(student)
    assert (notice.title, notice.url) == (title, stage.get_absolute_url())
    assert f"The staff wrote: {REASON}\n" in notice.body


def test_a_promotion_that_is_taken_back(camp, student, stage):
    place, staff = make_enrollment(camp, student=student), make_user("staff")
    stages.promote(place, stage, by=staff, reason="Well done")
    Notice.objects.all().delete()

    stages.revert(place, stage, by=staff, reason=REASON)

    assert told(student).title == "You are no longer in the stage Professional"


def test_a_promotion_by_its_rule_has_no_reason(camp, student, stage):
    place = make_enrollment(camp, student=student)
    Notice.objects.all().delete()

    stages.tick_item(stage.requirement_groups.get().requirements.get(), place, by=make_user("staff"))

    assert "wrote" not in told(student).body


def test_who_had_typed_a_login_is_told_when_its_owner_takes_it(student):
    make_identity(student, login="rowan")

    accounts.link_proven_login(make_user("owner"), channel="github", login="rowan", uid="7")

    notice = told(student)
    assert (notice.title, notice.url) == ("rowan (GitHub) is no longer linked to your account", "/my/identities/")
    assert "Somebody has proven" in notice.body
    assert "owner" not in notice.mail.body.lower()


def test_who_had_proven_a_login_is_told_when_its_name_goes_to_another(student):
    accounts.link_proven_login(student, channel="github", login="rowan", uid="7")

    accounts.link_proven_login(make_user("latter"), channel="github", login="rowan", uid="8")

    assert "it was renamed, or somebody else has the name now" in told(student).body


def test_unlinking_ones_own_login_is_no_news(student):
    accounts.unlink_login(make_identity(student, login="rowan"))

    assert Notice.objects.count() == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_words_do_not_depend_on_who_acts(camp, student, language):
    with translation.override(language):
        enrollment.apply(camp, student=student, at=NOW)

    assert told(student).title == "You are enrolled in Summer & <camp>"
