from django.contrib import admin


class CampAdminSite(admin.AdminSite):
    """The stock admin for staff."""
