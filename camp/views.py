"""The pages that look over all apps: home, a camp's home, one's own page; and whether the service is well."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from camp.accounts.models import User
from camp.camps.errors import NotHere
from camp.camps.models import Camp
from camp.camps.staff import ANY_ROLE, scope_of
from camp.camps.views import by_season, camp_or_404
from camp.classrooms.feeds import meetings_of
from camp.classrooms.models import Meeting
from camp.classrooms.slots import Agenda, timetable
from camp.enrollment.models import Enrollment, Invitation
from camp.my_page import card_of, in_turn, meetings_on_list, nearest_first
from camp.projects.catalogue import invites_proposals, stage_to_show
from camp.projects.next_steps import project_step
from camp.rankings.queries import recent_refusals
from camp.stages.models import Announcement
from camp.stages.queries import next_step, stages_of, steps_of

MEETINGS_SHOWN = 5
REFUSALS_SHOWN_FOR = timedelta(days=7)


@login_not_required
def home(request):
    camps = Camp.objects.published().for_cards()
    return render(request, "home.html", by_season(camps))


@login_not_required
def camp_home(request, organization, slug):
    """A camp's own page: what comes next for this reader, then everything about the camp."""
    camp = camp_or_404(organization, slug, user=request.user)
    now, place = timezone.now(), place_of(request.user, camp)
    project_stage = stage_to_show(camp, is_staff=_is_staff(request, camp), now=now)
    ceremonies = Meeting.objects.of_camp(camp).of_course(None).for_timetable()
    context = {
        "camp": camp,
        "agenda": agenda(_meetings_for(request.user, camp, place), viewer=request.user, now=now),
        "ceremonies": timetable(ceremonies, now=now, viewer=request.user),
        "announcements": Announcement.objects.filter(camp=camp).published_at(now).select_related("stage"),
        "registration_is_open": camp.registration_is_open(now),
        "registration_is_coming": camp.registration_is_coming(now),
        "project_stage": project_stage,
        "invites_proposals": project_stage is not None and invites_proposals(project_stage, now),
    }
    return render(request, "camp_home.html", context | place)


def _is_staff(request, camp):
    scope = scope_of(request)
    return scope.is_superuser or camp.pk in scope.camps(ANY_ROLE)


def _meetings_for(user, camp, place):
    """A student of the camp reads on its page when their own meetings are, everybody else when all are."""
    is_student = place["enrollment"] is not None and place["enrollment"].is_active
    return (meetings_of(user) if is_student else Meeting.objects).of_camp(camp)


def agenda(meetings, *, viewer, now):
    """What runs and comes next of these meetings."""
    upcoming = meetings.upcoming_at(now).for_timetable()[:MEETINGS_SHOWN]
    return Agenda(timetable(upcoming, now=now, viewer=viewer))


def place_of(user, camp):
    """Where the reader stands in the camp: nobody, applicant, or student with steps."""
    enrollment = (
        Enrollment.objects.of(user).in_camp(camp).select_related("camp__organization").first()
        if user.is_authenticated
        else None
    )
    if enrollment is None or not enrollment.is_active:
        return {"enrollment": enrollment, "steps": stages_of(camp)}
    steps = steps_of(enrollment)
    invitation = Invitation.objects.filter(camp=camp, inviter=user).select_related("camp__organization").first()
    no_login = not user.identities.linked().exists()
    place = {"enrollment": enrollment, "steps": steps, "next_step": next_step(steps), "invitation": invitation}
    return place | {"has_no_login": no_login, "project_step": project_step(enrollment, now=timezone.now())}


def my(request):
    """What the student does next, over all camps."""
    now = timezone.now()
    cards = [card_of(enrollment, now=now) for enrollment in Enrollment.objects.of(request.user).for_my_page()]
    meetings = agenda(meetings_of(request.user), viewer=request.user, now=now)
    items = [*meetings_on_list(meetings), *(item for card in cards for item in card["items"])]
    context = {
        "items": nearest_first(items, now),
        "places": in_turn([card for card in cards if not card["is_over"]], now),
        "places_over": [card for card in cards if card["is_over"]],
        "agenda": meetings,
        "identities": request.user.identities.linked(),
        "refusals": recent_refusals(request.user, since=now - REFUSALS_SHOWN_FOR)[:3],
    }
    return render(request, "my.html", context)


def bad_request(request, exception):
    """Without the request: Django's own reads the form that could not be read once more, for the sake of CSRF."""
    return HttpResponse(render_to_string("400.html"), status=400)


def server_error(request):
    return HttpResponse(render_to_string("500.html"), status=500)


def permission_denied(request, exception):
    """The 403 page, with a sentence and ways on where the refusing view gave some."""
    context = {"exception": str(exception), "ways": getattr(exception, "ways", ())}
    return render(request, "403.html", context, status=403)


def page_not_found(request, exception):
    """The 404 page, with a sentence of its own where the refusing view gave one."""
    reason = exception if isinstance(exception, NotHere) else None
    return render(request, "404.html", {"reason": reason}, status=404)


@login_not_required
@never_cache
def health(request):
    """200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_POST
def set_language(request):
    """Switch the language, in a cookie for the browser and in the profile for the mails."""
    response = django_set_language(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return response
