from camp.projects.access import access_to
from camp.projects.pages import page


def work(request, **address):
    return page(request, access_to(request, **address), "projects/base.html", tab="work")
