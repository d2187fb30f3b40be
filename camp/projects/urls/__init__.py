from camp.projects.urls import certificates, mentors, proposals, results, selection, teams, topics, work

app_name = "projects"

urlpatterns = [
    *proposals.urlpatterns,
    *teams.urlpatterns,
    *selection.urlpatterns,
    *results.urlpatterns,
    *work.urlpatterns,
    *mentors.urlpatterns,
    *certificates.urlpatterns,
    *topics.urlpatterns,
]
