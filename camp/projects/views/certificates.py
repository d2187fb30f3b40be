from django.contrib.auth.decorators import login_not_required
from django.http import Http404


@login_not_required
def verify(request, code):
    raise Http404
