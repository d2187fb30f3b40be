"""How a reader moves about the questions of a course."""

from django.urls import reverse

ACTS = [
    "vote", "take_vote_back", "answer", "mark_answered", "reopen", "pin", "unpin", "hide_question", "show_question",
    "correct_question", "take_question_back",
]  # fmt: skip
MODERATION = ["pin", "unpin", "hide_question", "show_question"]


def url_of(name, row, course=None):
    course = course or row.course
    return reverse(f"classrooms:{name}", args=[*course.camp.address, course.number, *([row.pk] if row else [])])


def listed(client, course, **query):
    return client.get(course.get_absolute_url(), {"tab": "qa"} | query)


def titles(response):
    return [entry.question.title for entry in response.context["questions"].entries]


def post(client, name, row, **data):
    return client.post(url_of(name, row), data)
