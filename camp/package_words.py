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
    # Django's own Chinese for these is a word-for-word one; ours is what a form says to a person.
    gettext_noop("This field is required."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
    # django.contrib.auth
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    # simple_history
    gettext_noop("Deleted %(type_name)s"),
)
