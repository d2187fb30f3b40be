from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from camp.camps.admin_rows import camp_id_of
from camp.camps.groups import picture_response
from camp.camps.models import Camp
from camp.camps.services import reveal


class WithGroupPicture:
    """An admin whose rows have a QR picture of a group chat: a secret, shown by a request of its own and recorded."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_group_picture"
        view = self.admin_site.admin_view(self.group_picture_view)
        return [path("<int:pk>/group-picture/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def group_picture_view(self, request, pk):
        row = get_object_or_404(self.within(request, self.secret_readers), pk=pk)
        if not row.group_picture:
            raise Http404
        reveal(Camp.objects.get(pk=camp_id_of(row)), to=request.user, secret=f"group picture of {row}"[:120])
        return picture_response(row.group_picture)
