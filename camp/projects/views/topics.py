from camp.projects.access import access_to
from camp.projects.pages import page


def topics(request, **address):
    return page(request, access_to(request, **address), "projects/base.html", tab="projects")


def topic(request, number, **address):
    return page(request, access_to(request, **address), "projects/base.html", tab="projects")
