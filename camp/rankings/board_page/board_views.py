"""The tab of a course that shows its board, and what goes with it: its rows alone, a rank to jump to, an export."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from camp.camps import times
from camp.camps.staff import TEACHING, scope_of
from camp.camps.views import camp_or_404
from camp.enrollment.models import Enrollment
from camp.rankings.access import reads_as_staff
from camp.rankings.board_page import board_csv, etags, page_frames, page_tags
from camp.rankings.board_page.board import BoardPage, page_of
from camp.rankings.board_page.frames import framed
from camp.rankings.boards import edition_for
from camp.stages.models import Course

SECONDS_BETWEEN_LOOKS = 15  # How often an open page asks whether the board has changed.


def board_tab(request, context):
    """The board as this reader sees it; 304 where the browser has it already. `part=rows`: without its frame."""
    asked, request.GET = request.GET, _lasting(request.GET)
    board, is_part = board_for(request, context["course"]), asked.get("part") == "rows"
    if "rank" in asked and (page := page_with(board, asked["rank"])):
        return redirect(page)
    if "rank" in asked or board.search:
        shown = context | _shared(request, board) | _own(board) | {"asked_rank": asked.get("rank", "")}
        return _private(render(request, _template(is_part=is_part), shown))
    if not is_part and page_tags.says_something(request):
        return _private(_rendered(request, board, context, is_part=False, how=render_all))
    held = etags.is_asked(request) and etags.not_modified(request, _etag(request, board, is_part=is_part))
    return held or _tagged(request, board, context, is_part=is_part)


def _lasting(asked):
    """What the links of the page pass on."""
    kept = asked.copy()
    for name in ("part", "rank"):
        kept.pop(name, None)
    return kept


def board_for(request, course):
    to_staff = reads_as_staff(request.user, course, scope=scope_of(request))
    asked = request.GET
    return BoardPage(
        course, viewer=request.user, number=asked.get("page", "1"), search=asked.get("q", ""),
        live=to_staff and asked.get("board") != "frozen", to_staff=to_staff,
    )  # fmt: skip


def page_with(board, rank):
    """The address of the page that holds a rank, at its row; None for what is no rank of this board."""
    number = int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 10 else 0
    if not 1 <= number <= board.pages.count:
        return None
    query = urlencode(_address(board) | {"page": page_of(number)})
    return f"{board.course.get_absolute_url()}?{query}#place-{number}"


def _address(board):
    return {"tab": "rank"} | ({"board": "frozen"} if board.to_staff and not board.live else {})


def _shared(request, board):
    """What the page says to everybody of an audience, as plain values and rows of the database."""
    camp, course = board.course.camp, board.course
    teaches = board.to_staff and reads_as_staff(request.user, course, roles=TEACHING, scope=scope_of(request))
    version = reverse("rankings:api_board", args=[*camp.address, course.number]) + "?limit=1"
    return {
        "board": board.facts,
        "organization": camp.organization,
        "stage": course.stage,
        "page": None if board.search else board.page,
        "may_export": teaches,
        "seconds": SECONDS_BETWEEN_LOOKS,
        "proof_in": _proof_in(course),
        "version_address": version + ("&board=live" if board.live else ""),
        "rows_address": f"?{urlencode(_address(board) | {'page': board.number, 'part': 'rows'})}",
    }


def _proof_in(course):
    """How far away the moment is that the page names; it is shown anew when that has changed."""
    return times.relative(course.proof_from, timezone.now()) if course.proof_from else ""


def _own(board):
    """What it says to this reader, and what changes with every score, as text or HTML."""
    return {
        "own_rank": board.own_row and board.own_row.rank,
        "own_card": _own_card(board),
        "picture": board.picture,
        "rows": format_html_join("", "{}", ((html,) for html in board.rows_html)),
    }


def _own_card(board):
    row, facts = board.own_row, board.facts
    shared = {
        "is_as_frozen": facts.is_as_frozen, "address": board.course.camp.address,
        "may_have_place": board.viewer.is_authenticated and not board.to_staff,
    }  # fmt: skip
    if row is None:
        return framed("rankings/_own.html", shared, {})
    own_address = f"?{urlencode(_address(board) | {'page': board.own_page})}#me"
    return framed("rankings/_own.html", shared | row.marks, row.values | {"own_address": own_address})


def _template(*, is_part):
    return "rankings/_board.html" if is_part else "rankings/rank.html"


def _private(response):
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _tagged(request, board, context, *, is_part):
    """The tag says what was shown, which may be of a moment ago."""
    how = page_frames.answer if page_frames.is_common(request.GET, board.page.number) else render_all
    response = _rendered(request, board, context, is_part=is_part, how=how)
    return etags.tagged(response, _etag(request, board, is_part=is_part))


def _rendered(request, board, context, *, is_part, how):
    """A board that follows the scores, from here on: with the tag of its rows as they are shown."""
    own = _own(board)
    own["etag"] = _etag(request, board, is_part=True)
    shared = context | _shared(request, board) | {"is_old": not board.rendered.is_current}
    return how(request, _template(is_part=is_part), shared, own)


def render_all(request, template, shared, own):
    return render(request, template, shared | own)


def _etag(request, board, *, is_part):
    course, shown = board.course, (board.shown_state, board.audience, board.live, board.page.number)
    if is_part:
        return etags.etag_for(board.edition, "rows", *shown, *page_tags.reader_of(request))
    camp = course.camp
    words = (str(course), course.summary, str(course.stage), str(camp), camp.accent, course.counts, _proof_in(course))
    return etags.etag_for(board.edition, "page", *shown, words, *page_tags.frame_of(request))


def export(request, organization, slug, number):
    """The whole board as CSV, for who teaches the course; the live one, while it is frozen too, unless asked."""
    camp = camp_or_404(organization, slug, user=request.user)
    course = get_object_or_404(Course.objects.for_page(), camp=camp, number=number)
    _only_for_teachers(request, course)
    if not course.has_homework:
        raise Http404
    return _file(course, live=request.GET.get("board") != "frozen")


def _only_for_teachers(request, course):
    """Strangers get 404, students and staff of other duties 403."""
    scope = scope_of(request)
    if reads_as_staff(request.user, course, roles=TEACHING, scope=scope):
        return
    is_student = Enrollment.objects.of(request.user).in_camp(course.camp).exists()
    if not is_student and not reads_as_staff(request.user, course, scope=scope):
        raise Http404
    raise PermissionDenied(_("Only those who teach this course export its board."))


def _file(course, *, live):
    edition = edition_for(course, live=live)
    until = edition.board.freezes_at if edition.has_freeze and not live else None
    response = StreamingHttpResponse(board_csv.lines(course, edition), content_type=board_csv.TYPE)
    name = board_csv.file_name(course, until=until, now=timezone.now())
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)
