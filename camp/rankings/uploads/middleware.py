"""What happens to every request on its way in: a short way for uploads, and no upload token in an address."""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from camp.rankings.uploads import answers, revocation
from camp.rankings.uploads.api import create_by_third_token

UPLOADS = "/web/api/courseRank/createByThirdToken"
API, OLDER_API = "/api/", "/web/api/"
ANSWERING_THEMSELVES = ("proven_scores", "check_proven_scores", "check_upload", "link_identity", "revoke_token")


def uploads_middleware(get_response):
    """Answer uploads ahead of the middleware of pages: nobody is signed in there, and no cookie or language counts.

    That middleware was a fifth of what an upload cost (benchmarks/README.md).
    """

    def middleware(request):
        if request.path_info != UPLOADS:
            return get_response(request)
        request.get_host()  # Refuses a host that is not ours, as CommonMiddleware does.
        response = create_by_third_token(request)
        response["Content-Length"] = len(response.content)
        return response

    return middleware


def leaked_tokens_middleware(get_response):
    """Revoke every upload token in an address, whatever the address is. The APIs refuse it, a page is shown as ever."""

    def middleware(request):
        leaked = revocation.refusal_of_address(request)
        return (leaked and _refused(request.path_info, leaked)) or get_response(request)

    return middleware


def _refused(path, leaked):
    """The answer of an API; None elsewhere, and where the view refuses it and keeps what was refused."""
    if path == UPLOADS or path in [reverse(f"rankings:{name}") for name in ANSWERING_THEMSELVES]:
        return None
    if path.startswith(OLDER_API):
        body = answers.body(leaked.status, str(leaked))
        return HttpResponse(body, status=leaked.status, content_type="application/json")
    return JsonResponse(leaked.answer, status=leaked.status) if path.startswith(API) else None
