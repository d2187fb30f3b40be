"""Fills the reference camp with invented students. Equal numbers on equal days give equal seasons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from random import Random

from allauth.account.models import EmailAddress

from camp.accounts.models import Identity, User
from camp.camps.models import Camp
from camp.demo import homework, people, season
from camp.enrollment import services as enrollment
from camp.enrollment.models import ApplicationQuestion
from camp.notices.models import Mail, Notice
from camp.rankings.models import Attempt
from camp.stages.models import Course, Stage

SEED = 2024
CHANNELS, CHANNEL_WEIGHTS = ("github", "gitee", "cnb"), (80, 12, 8)
LINKED_SHARE, WITHDRAWN_SHARE = 0.94, 0.02


@dataclass
class Season:
    """What the invented students of one camp share: its courses, questions and clock."""

    camp: Camp
    now: object
    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - invented people
    tell: Callable = print

    def __post_init__(self):
        foundation = Stage.objects.get(camp=self.camp, kind=Stage.Kind.FOUNDATION)
        self.begins_at = foundation.opens_at.astimezone(self.camp.zone).replace(hour=0, minute=0, second=0)
        self.languages = list(Course.objects.filter(stage=foundation, max_points__gt=0).order_by("number")[:2])
        self.exercises = {course.pk: list(course.exercises.values_list("name", flat=True)) for course in self.languages}
        self.questions = list(ApplicationQuestion.objects.filter(camp=self.camp))


def populate(camp, *, students, now, tell=print):
    """Enroll `students` invented people in the camp and let them work until `now`. Nobody gets a mail."""
    the_season = Season(camp=camp, now=now, tell=tell)
    invented = people.invent(students, the_season.rng)
    users = [_user(person, the_season) for person in invented]
    for count, (user, person) in enumerate(zip(users, invented, strict=True), start=1):
        _live(user, person, the_season)
        if count % 50 == 0 or count == students:
            tell(f"  {count} of {students} students")
    homework.trust_a_grader(the_season.languages[-1], now=now)
    Mail.objects.filter(notice__recipient__in=users).delete()
    Notice.objects.filter(recipient__in=users, created_at__lt=now - timedelta(days=3)).update(read_at=now)
    return users


def unsaved_user(person, *, joined_at):
    """An account that nobody can sign in to."""
    user = User(
        handle=person.handle, email=f"{person.handle}@students.example", display_name=person.name,
        occupation=person.occupation, affiliation=person.affiliation, major=person.major, city=person.city,
        language="zh-hans", date_joined=joined_at,
    )  # fmt: skip
    user.set_unusable_password()
    return user


def _user(person, the_season):
    user = unsaved_user(person, joined_at=the_season.camp.registration_opens_at)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _live(user, person, the_season):
    """One student's season: push, link a login (most do), enroll, and for a few withdraw.

    The enrollment comes last and at its own moment in the past, so that everything is derived from the uploads once.
    """
    rng, camp, at = the_season.rng, the_season.camp, _application_time(the_season)
    channel = rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
    courses = season.choice_of_courses(the_season.languages, rng)
    pushes = [season.pushes_of(course, rng, begins_at=the_season.begins_at, now=the_season.now) for course in courses]
    identity = _link(user, channel, rng, at=at) if rng.random() < LINKED_SHARE else None
    _store(chain(*pushes), user, channel, identity, the_season)
    answers = _answers(the_season)
    enrolled = enrollment.apply(camp, student=user, heard_from=person.heard_from, answers=answers, at=at)
    if rng.random() < WITHDRAWN_SHARE:
        enrollment.withdraw(enrolled, by=user, at=the_season.now - timedelta(hours=rng.randint(1, 90)))


def _application_time(the_season):
    camp = the_season.camp
    last = min(camp.registration_closes_at, camp.starts_at, the_season.now)
    return camp.registration_opens_at + (last - camp.registration_opens_at) * the_season.rng.random()


def _answers(the_season):
    return {question.key: answer_to(question, the_season.rng) for question in the_season.questions}


def answer_to(question, rng):
    if question.kind == ApplicationQuestion.Kind.CHOICE:
        return rng.choice(question.options)
    if question.kind == ApplicationQuestion.Kind.CHOICES:
        return rng.sample(question.options, rng.randint(1, min(3, len(question.options))))
    return rng.choice(["想系统地学一遍，做出自己的项目。", "对编译器和推理引擎感兴趣。", "希望和同学一起读源码。"])


def _store(pushes, user, channel, identity, the_season):
    """Of those who proved their login, about half report by our own workflow; others mostly send the result file."""
    told = _way_of(user, identity)
    Attempt.objects.bulk_create(_attempt(push, user, channel, told | _content(push, user, told, the_season))
                                for push in pushes)  # fmt: skip


def _way_of(user, identity):
    if identity and identity.uid and user.pk % 2:
        return {"source": Attempt.Source.PROVEN, "identity": identity}
    return {"ext": "aaa"} if user.pk % 4 == 0 else {}


def _content(push, user, told, the_season):
    """The results of a run, and the result file where they are only claimed."""
    names = the_season.exercises[push.course.pk]
    if "ext" in told or push.is_above_maximum or not names:
        return {}
    passed = int(len(names) * push.points / push.course.max_points)
    results = homework.results_of(names, passed=passed, who=user.handle)
    return {"results": results, "ext": "" if "source" in told else homework.result_file(results)}


def _attempt(push, user, channel, content):
    outcome = {"outcome": Attempt.Outcome.ACCEPTED}
    if push.is_above_maximum:
        outcome = {
            "outcome": Attempt.Outcome.REFUSED, "reason": Attempt.Reason.ABOVE_MAXIMUM, "detail": "score is error"
        }  # fmt: skip
    return Attempt(
        course=push.course, channel=channel, login=user.handle, login_key=user.handle, points=push.points,
        stated_course=str(push.course.upload_id), stated_total=f"{Decimal(push.course.max_points).normalize():f}",
        received_at=push.at, **outcome, **content,
    )  # fmt: skip


def _link(user, channel, rng, *, at):
    """As linking does, but at a moment in the past; a third proved it by signing in there."""
    proof = {}
    if channel == "github" and rng.random() < 0.4:
        number = str(100_000_000 + user.pk)
        proof = {"proof": Identity.Proof.OAUTH, "verified_at": at, "uid": number}
    return Identity.objects.create(
        user=user, channel=channel, login=user.handle, login_key=user.handle, linked_at=at, **proof
    )
