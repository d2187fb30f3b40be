"""Words that packages show here and have no Chinese for, listed so that makemessages gives our catalogue a line for
each: Django looks up every package's words in it too. Once a package brings its own translation, its line here can go.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = (
    # django.contrib.admin: the list of models, for those who hear the page, and the title of a form with errors.
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Model name"),
    # django.contrib.auth
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    # simple_history
    gettext_noop("Deleted %(type_name)s"),
)
