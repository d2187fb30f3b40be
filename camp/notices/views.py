from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from camp.notices import services
from camp.notices.models import Notice

A_PAGE = 25


def notices(request):
    """One's own notices, the newest first."""
    pages = Paginator(Notice.objects.of(request.user).for_list(), A_PAGE)
    return render(request, "notices/list.html", {"page": pages.get_page(request.GET.get("page"))})


@require_safe
def follow(request, pk):
    """Lead to what a notice is about; who follows it has read it."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    services.read(notice)
    return redirect(notice.url or "notices:list")


@require_POST
def read(request):
    services.read_all(request.user)
    return redirect("notices:list")
