from camp.projects.access import access_to
from camp.projects.pages import page


def team(request, **address):
    return page(request, access_to(request, **address), "projects/base.html", tab="team")


def teams(request, **address):
    return page(request, access_to(request, **address), "projects/base.html", tab="teams")
