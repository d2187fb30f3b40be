"""How a project stage of the demo ended: mentors' orders, the allocation, work, grades, certificates."""

from datetime import timedelta
from hashlib import sha256

from camp.demo import project_words as words
from camp.projects import certificates
from camp.projects.allocation import runs
from camp.projects.choosing import mentoring
from camp.projects.models import Grade, Placement
from camp.projects.work import grading, handing_in, reviews

MARKS = {"excellent": (8, 10), "pass": (6, 8), "fail": (1, 4)}  # Points of ten by each criterion, from and to.
PARTED_SHARE = 0.5
GRADES = ["excellent", "pass", "pass", "excellent", "fail"]  # Of the teams in turn.


def allocate(round, mentors, *, organizer, dearest):
    """Mentors rank whom they know, the `dearest` team before all, and the result is published."""
    at = round.closes_at + timedelta(hours=12)
    for mentor in mentors:
        wanted = sorted(mentoring.applicants_of(round, mentor), key=lambda team: team != dearest)[:3]
        ids, version = [team.pk for team in wanted], mentoring.version_of(round, mentor)
        mentoring.rank_teams(round, mentor, ids, by=mentor.user, based_on=version, shortlisted=ids[:1], at=at)
    return publish(round, organizer=organizer, at=round.mentors_close_at + timedelta(hours=10))


def publish(round, *, organizer, at):
    """Staff compute once and publish the result. Returns the placements, with a project or without."""
    run = runs.compute(round, by=organizer, at=at)
    runs.publish(run, by=organizer, at=at + timedelta(hours=1))
    runs.lock(round, by=organizer, at=at + timedelta(days=2))
    return list(Placement.objects.filter(round=round).for_page().order_by("pk"))


def hand_in(placements, *, until):
    """Every placed team hands in a link, and most of them once more before the end."""
    for place, placement in enumerate(placements):
        for number in range(1 + place % 2):
            handing_in.hand_in(
                placement, by=placement.team.lead.student, at=until - timedelta(days=2 - number, hours=place),
                repository_url=f"https://example.org/teams/{placement.team_id}",
                pull_request_url=f"https://example.org/pull/{100 + placement.pk}",
                commit=sha256(f"{placement.pk}.{number}".encode()).hexdigest()[:40],
            )  # fmt: skip


def grade(placements, *, organizer, rng, at):
    """Mentors propose, the organizer confirms and publishes; one student asks for a second look."""
    made = []
    for place, placement in enumerate(placements):
        made += _propose(placement, GRADES[place % len(GRADES)], rng=rng, at=at)
    for evaluation in made:
        grading.confirm(evaluation, by=organizer, at=at + timedelta(days=1))
    made = grading.publish(made, by=organizer, at=at + timedelta(days=2))
    passed = [evaluation for evaluation in made if evaluation.grade == Grade.PASS]
    for evaluation in passed[:1]:
        student = evaluation.enrollment.student
        reviews.ask_review(evaluation, by=student, text=words.REVIEW, at=at + timedelta(days=4))
    return made


def _propose(placement, grade, *, rng, at):
    """One grade for the team; where it is excellent and not the first one, its last member only passes."""
    lowest, highest = MARKS[grade]
    points = {row.key: rng.randint(lowest, highest) for row in placement.team.project_stage.criteria.all()}
    last = placement.team.members.exclude(enrollment=placement.team.lead).last()
    is_parted = grade == Grade.EXCELLENT and last is not None and rng.random() < PARTED_SHARE
    per_member = {last.enrollment_id: {"grade": Grade.PASS, "comment": words.LESS}} if is_parted else {}
    return grading.propose(
        placement, by=placement.project.mentor.user, points=points, grade=grade, comment=words.COMMENTS[grade],
        per_member=per_member, at=at,
    )  # fmt: skip


def certify(evaluations, *, organizer, at):
    """Everybody who passed gets a certificate."""
    for evaluation in evaluations:
        if evaluation.grade != Grade.FAIL:
            certificates.issue(evaluation, by=organizer, at=at)
