from django.core.exceptions import PermissionDenied
from django.http import Http404

from camp.enrollment.models import Enrollment
from camp.enrollment.queries import is_staff_of


def only_for(is_entitled, *, user, camp, refusal):
    """Let the entitled and the camp's staff pass.

    Strangers to the camp get 404, others who have to do with it 403 with the sentence `refusal`.
    """
    if is_entitled or is_staff_of(user, camp):
        return
    if not Enrollment.objects.of(user).in_camp(camp).exists():
        raise Http404
    raise PermissionDenied(refusal)
