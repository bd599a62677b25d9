"""Addresses of the project: the app and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("converter.urls")),
]

handler400 = "converter.views.errors.bad_request"
handler500 = "converter.views.errors.server_error"
