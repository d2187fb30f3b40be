from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from camp.demo import cast, classroom, population, project_seasons, projects
from camp.demo.beginnings import let_stages_begin
from camp.demo.reference import load_reference_camp, reference_camp


class Command(BaseCommand):
    help = (
        "Sets up the reference camp with invented students, shifted so that today is its second week of foundation, "
        "a winter camp whose projects are being chosen, and an earlier one that is over."
    )

    def add_arguments(self, parser):
        parser.add_argument("--students", type=int, default=400, help="how many students to invent (default 400)")
        parser.add_argument("--port", type=int, default=8000, help="the port that the printed addresses name")

    def handle(self, *, students, port, **options):
        now = timezone.now()
        logins = [] if cast.is_made() else self._make(students, now)
        logins += [] if projects.is_made() else self._make_projects(students, now)
        camp = reference_camp()
        classroom.hold_question_hour(camp, cast.first_course(camp), now=now)
        self._print_guide(camp, logins, f"http://127.0.0.1:{port}", now)

    @transaction.atomic
    def _make(self, students, now):
        self.stdout.write("Loading the reference camp, shifted to today…")
        camp = load_reference_camp(now=now)
        self.stdout.write(f"Inventing {students} students…")
        users = population.populate(camp, students=students, now=now, tell=self.stdout.write)
        logins = cast.make(camp, now=now)
        let_stages_begin(camp, now=now)
        self.stdout.write("Holding lessons, asking questions…")
        classroom.fill(camp, teacher=cast.teacher(), students=users, now=now)
        return logins

    @transaction.atomic
    def _make_projects(self, students, now):
        return projects.make(students=students, now=now, tell=self.stdout.write)

    def _print_guide(self, camp, logins, site, now):
        self.stdout.write(f"\nCamp       {site}{camp.get_absolute_url()}")
        self.stdout.write(f"Board      {site}{cast.first_course(camp).get_absolute_url()}?tab=rank")
        self.stdout.write(f"Classroom  {site}{cast.first_course(camp).get_absolute_url()} (a question hour runs now)")
        self._print_projects(site, now)
        self.stdout.write(f"Staff      {site}/admin/\n")
        for login in logins:
            self.stdout.write(f"Sign in as {login.role:<11} {login.email:<26} password {login.password}")
        if not logins:
            self.stdout.write("The demo is kept as it was; its passwords were printed when it was made.")
            self.stdout.write("A new one: ./dev manage changepassword linxiaoman (or mentor, organizer, superuser, …).")
        self.stdout.write(
            "\nAs linxiaoman, change the team's list of the winter season or propose a topic, and see the grade"
        )
        self.stdout.write(
            "and the certificate of the earlier one; as mentor, answer a proposal; as organizer, do the rest."
        )
        self.stdout.write("\nMails are printed here, in this terminal, a second or two after they are written.")
        self._print_curl(camp, site, now)

    def _print_curl(self, camp, site, now):
        course = cast.first_course(camp)
        if not course.accepts_uploads_at(now):
            self.stdout.write("\nThis camp is over. Delete the demo's database to begin a new season.")
            return
        body = f'{{"channel":"github","courseId":{course.upload_id},"ext":"aaa","name":"{cast.STUDENT}"'
        score = f'"score":{cast.next_score(course)},"totalScore":{cast.next_score(course)}}}'
        self.stdout.write("\nPost the last missing point for that student, as CI does, and see the promotion:")
        self.stdout.write(f"curl -X POST {site}/web/api/courseRank/createByThirdToken \\")
        self.stdout.write("  -H 'accept: application/json;charset=utf-8' -H 'Content-Type: application/json' \\")
        self.stdout.write(f"  -H 'token: {cast.fresh_token(course, at=now)}' \\")
        self.stdout.write(f"  -d '{body},{score}'\n")

    def _print_projects(self, site, now):
        winter, spring = project_seasons.winter_camp(), project_seasons.spring_camp()
        choosing = winter.project_stage.rounds.get(number=1)
        ends = f"{choosing.closes_at.astimezone(winter.zone):%d %B, %H:%M}"
        state = f"lists are taken until {ends}" if choosing.is_open(now) else f"lists were taken until {ends}"
        self.stdout.write(f"Projects   {site}{winter.project_stage.get_absolute_url()} (winter: {state})")
        self.stdout.write(f"Graded     {site}{spring.project_stage.get_absolute_url()} (an earlier season, over)")
