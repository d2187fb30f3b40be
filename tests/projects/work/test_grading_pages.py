import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.projects.models import ConflictOfInterest, Evaluation
from tests.factories import make_enrollment, make_staff_role, make_student, make_user
from tests.project_factories import make_mentor, make_placement, make_project, make_round, make_team
from tests.projects.browsing import browser, text, url
from tests.projects.working import LINK, Work


@pytest.fixture
def work(db):
    return Work()


def filled(work, *members, **fields):
    """The form as a mentor sends it for these members."""
    members = members or (work.lead, work.member)
    included = {f"include-{member.pk}": "on" for member in members}
    return {"points-code": 4, "points-report": 5, "grade": "pass", "comment": "Well done."} | included | fields


def send(work, data, user=None):
    return browser(user or work.mentor.user).post(url(work, "grade", work.placement.pk), data)


def test_page_shows_the_work_and_the_members(work):
    work.hand_in()

    page = text(browser(work.mentor.user).get(url(work, "grade", work.placement.pk)))

    assert f'<a href="{LINK}" rel="noopener nofollow noreferrer">{LINK}</a>' in page
    assert "Ada" in page
    assert "Bob" in page
    assert 'name="points-code"' in page


def test_a_mentor_proposes(work):
    response = send(work, filled(work, **{f"grade-{work.member.pk}": "fail", f"comment-{work.member.pk}": "Absent."}))

    assert (response.status_code, response.url) == (302, url(work, "grade", work.placement.pk))
    assert list(
        Evaluation.objects.order_by("enrollment_id").values_list("enrollment", "proposed_grade", "comment")
    ) == (sorted([(work.lead.pk, "pass", "Well done."), (work.member.pk, "fail", "Absent.")]))


def test_a_comment_is_kept_as_it_was_typed(work):
    comment = "完成度很好！（报告，x² 与 ① 都清楚）\n\n    let x = 1;"

    send(work, filled(work, comment=f"{comment.replace(chr(10), chr(13) + chr(10))}\u202e \r\n"))

    assert Evaluation.objects.get(enrollment=work.lead).comment == comment


def test_form_begins_with_what_was_proposed(work):
    work.propose(per_member={work.member.pk: {"grade": "fail", "comment": "Absent."}})

    page = text(browser(work.organizer).get(url(work, "grade", work.placement.pk)))

    assert 'name="points-code" value="4"' in page
    assert "72.5 % of the rubric: this suggests “pass”." in page
    assert "Absent." in page


def test_preview_reckons_and_writes_nothing(work):
    response = send(work, {"points-code": 5, "points-report": 9, "comment": "typed", "preview": "1"})

    assert response.status_code == 200
    assert "97.5 % of the rubric: this suggests “excellent”." in text(response)
    assert "typed" in text(response)
    assert Evaluation.objects.count() == 0


def test_preview_complains_of_nothing_that_is_not_filled_in_yet(work):
    page = text(send(work, {"points-code": 5, "points-report": "", "preview": "1"}))

    assert "errorlist" not in page
    assert "Give points for every criterion, then calculate again." in page


def test_preview_names_points_that_the_rubric_does_not_know(work):
    page = text(send(work, {"points-code": "4.5", "points-report": 3, "preview": "1"}))

    assert "Enter a whole number." in page


@pytest.mark.parametrize(("sent", "chosen"), [({}, "excellent"), ({"grade": "pass", "suggested": "pass"}, "excellent"),
                                              ({"grade": "fail", "suggested": "pass"}, "fail")])  # fmt: skip
def test_preview_chooses_the_suggested_grade_where_the_mentor_chose_no_other(work, sent, chosen):
    response = send(work, {"points-code": 5, "points-report": 9, "preview": "1"} | sent)

    assert response.context["form"]["grade"].value() == chosen


@pytest.mark.parametrize(
    "wrong", [{"points-code": 6}, {"points-code": ""}, {"points-code": "x"}, {"grade": ""}, {"grade": "x"},
              {"comment": "x" * 5001}, {"points-code": "9" * 400}]
)  # fmt: skip
def test_bad_input_is_asked_again(work, wrong):
    response = send(work, filled(work, **wrong))

    assert response.status_code == 400
    assert "errorlist" in text(response)
    assert Evaluation.objects.count() == 0


def test_nobody_chosen_is_asked_again(work):
    data = {key: value for key, value in filled(work).items() if not key.startswith("include-")}

    response = send(work, data)

    assert response.status_code == 400
    assert "Choose at least one member to evaluate." in text(response)


def test_a_student_of_the_mentors_own_is_not_in_the_form(work):
    ConflictOfInterest.objects.create(mentor=work.mentor, enrollment=work.member, declared_by=work.organizer)

    page = text(browser(work.mentor.user).get(url(work, "grade", work.placement.pk)))
    response = send(work, filled(work))

    assert f'name="include-{work.member.pk}"' not in page
    assert "You have a conflict of interest" in page
    assert response.status_code == 302
    assert [one.enrollment for one in Evaluation.objects.all()] == [work.lead]


def test_once_confirmed_the_form_leaves_them_out(work):
    work.confirmed()

    page = text(browser(work.mentor.user).get(url(work, "grade", work.placement.pk)))

    assert f'name="include-{work.lead.pk}"' not in page
    assert "The grade is confirmed." in page


def test_page_is_for_mentors_of_the_project_and_organizers(work):
    teacher, other, enrolled = make_user(), make_mentor(work.stage), make_enrollment(work.camp, at=work.now)
    make_staff_role(work.camp, user=teacher, role="teacher")
    helper = make_mentor(work.stage)
    work.project.co_mentors.add(helper)

    def status(user, pk=work.placement.pk):
        return browser(user).get(url(work, "grade", pk)).status_code

    assert [status(user) for user in (work.mentor.user, helper.user, work.organizer)] == [200, 200, 200]
    assert [status(user) for user in (teacher, other.user, work.lead.student, enrolled.student)] == [403] * 4
    assert [status(make_student()), status(work.organizer, pk=2**63), status(work.organizer, pk=0)] == [404] * 3


def test_placement_of_another_camp_is_not_found(work):
    other = make_placement(make_round(), make_team(), None)

    assert browser(work.organizer).get(url(work, "grade", other.pk)).status_code == 404


def more_teams(work, mentor, number):
    for n in range(number):
        team = make_team(work.stage, at=work.now)
        round = work.placement.round
        make_placement(round, team, make_project(work.stage, title=f"Other {n}", mentor=mentor))


def test_list_is_of_ones_own_projects_for_mentors_and_of_all_for_organizers(work):
    more_teams(work, make_mentor(work.stage), 1)

    mine, all_ = (text(browser(user).get(url(work, "grading"))) for user in (work.mentor.user, work.organizer))

    assert ("Faster tiles" in mine, "Other 0" in mine) == (True, False)
    assert ("Faster tiles" in all_, "Other 0" in all_) == (True, True)


def test_teams_to_evaluate_stand_on_the_mentors_own_page(work):
    page = text(browser(work.mentor.user).get(url(work, "mentor")))

    assert f'href="{url(work, "grade", work.placement.pk)}"' in page


def test_the_mentors_page_and_the_list_link_to_each_other(work):
    mentor, listed = url(work, "mentor"), url(work, "grading")
    client = browser(work.mentor.user)

    assert f'class="button quiet" href="{listed}"' in text(client.get(mentor))
    assert f'class="button quiet" href="{mentor}"' in text(client.get(listed))


def test_organizers_and_mentors_find_the_list_as_a_tab(work):
    def tabs(user):
        return [tab["url"] for tab in browser(user).get(url(work, "list")).context["tabs"]]

    assert [url(work, "grading") in tabs(user) for user in (work.organizer, work.mentor.user, work.lead.student)] == [
        True, True, False
    ]  # fmt: skip
    assert f'href="{url(work, "grading")}" aria-current="page"' in text(
        browser(work.organizer).get(url(work, "grade", work.placement.pk))
    )


def test_list_is_for_nobody_else(work):
    assert browser(work.lead.student).get(url(work, "grading")).status_code == 403
    assert browser(make_student()).get(url(work, "grading")).status_code == 404


def test_list_costs_as_many_queries_for_one_team_as_for_three(work):
    client = browser(work.organizer)
    client.get(url(work, "grading"))
    with CaptureQueriesContext(connection) as one:
        client.get(url(work, "grading"))
    more_teams(work, work.mentor, 2)
    with CaptureQueriesContext(connection) as three:
        client.get(url(work, "grading"))

    assert len(three) == len(one)
