from django.urls import path

from camp.classrooms.views import questions as views

COURSE = "<slug:organization>/camp/<slug:slug>/stage/<int:number>"
QUESTION = f"{COURSE}/questions/<int:pk>"
ANSWER = f"{COURSE}/answers/<int:pk>"

urlpatterns = [
    path(f"{COURSE}/questions/", views.ask, name="ask"),
    path(f"{QUESTION}/", views.question, name="question"),
    path(f"{QUESTION}/correct/", views.correct, name="correct_question"),
    path(f"{QUESTION}/take-back/", views.take_back, name="take_question_back"),
    path(f"{QUESTION}/vote/", views.vote, name="vote"),
    path(f"{QUESTION}/vote/take-back/", views.take_vote_back, name="take_vote_back"),
    path(f"{QUESTION}/answer/", views.answer, name="answer"),
    path(f"{QUESTION}/answered/", views.mark_answered, name="mark_answered"),
    path(f"{QUESTION}/reopen/", views.reopen, name="reopen"),
    path(f"{QUESTION}/pin/", views.pin, name="pin"),
    path(f"{QUESTION}/unpin/", views.unpin, name="unpin"),
    path(f"{QUESTION}/hide/", views.hide, name="hide_question"),
    path(f"{QUESTION}/show/", views.show, name="show_question"),
    path(f"{ANSWER}/correct/", views.correct_answer, name="correct_answer"),
    path(f"{ANSWER}/hide/", views.hide_answer, name="hide_answer"),
    path(f"{ANSWER}/show/", views.show_answer, name="show_answer"),
]
