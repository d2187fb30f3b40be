"""Who is told of an answer, and of what the staff hide. Called by `questions`, within its transactions."""

from camp.classrooms.access import access_to
from camp.notices import services as notices


def tell_asker(question, answer, *, mail):
    """The words of the answer are not in it: it may be hidden later, and the asker may have left by then."""
    asker, course = question.author, question.course
    if answer.author_id == asker.pk or not access_to(asker, course.camp, course).may_enter:
        return
    url = f"{question.get_absolute_url()}#answer-{answer.pk}"
    words = {"question": question, "course": course, "answer": answer, "name": str(answer.author)}
    notices.queue("classrooms/question_answered", to=asker, camp=course.camp, url=url, mail=mail, **words)


def tell_author(row, question, *, by):
    """Tell who wrote a question or an answer that it is hidden and why. Nobody is told of what they did themselves."""
    if row.author_id == by.pk:
        return
    words = {"question": question, "reason": row.hidden_reason, "is_answer": row is not question}
    url = question.get_absolute_url()
    notices.queue("classrooms/question_hidden", to=row.author, camp=question.course.camp, url=url, **words)
