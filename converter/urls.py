"""All URLs: the pages, the API and its documentation."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.templatetags.static import static
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import RedirectView

from converter.api import openapi
from converter.api.api import api
from converter.views import (
    api_keys,
    batches,
    clean_up,
    corrections,
    downloads,
    drafts,
    error_codes,
    field_templates,
    health,
    images,
    imports,
    trials,
    uploads,
    webhooks,
)

_BATCH = "batches/<uuid:pk>/"
_IMPORT = "imports/<uuid:pk>/"
_ICON = require_safe(RedirectView.as_view(url=static("favicon.svg")))
_signs_in = require_http_methods(["GET", "HEAD", "POST"])
_LOGIN = _signs_in(LoginView.as_view(redirect_authenticated_user=True))

urlpatterns = [
    path("", uploads.home, name="home"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/sample/", uploads.create_sample, name="batch-sample"),
    path(_BATCH, batches.batch_page, name="batch"),
    path(_BATCH + "progress/", batches.batch_progress, name="batch-progress"),
    path(_BATCH + "images/", uploads.add_images, name="batch-images"),
    path(_BATCH + "images/page/", drafts.images, name="draft-images"),
    path(_BATCH + "images/change/", drafts.change, name="draft-change"),
    path(_BATCH + "options/", drafts.options, name="draft-options"),
    path(_BATCH + "fields/", drafts.fields, name="draft-fields"),
    path(_BATCH + "check/", trials.check, name="draft-check"),
    path(_BATCH + "check/trial/", trials.trial, name="draft-trial"),
    path(_BATCH + "again/", drafts.run_again, name="batch-again"),
    path(_BATCH + "start/", batches.start, name="batch-start"),
    path(_BATCH + "cancel/", batches.cancel, name="batch-cancel"),
    path(_BATCH + "retry/", batches.retry, name="batch-retry"),
    path(_BATCH + "go-on/", batches.go_on, name="batch-go-on"),
    path(_BATCH + "resume/", batches.resume, name="batch-resume"),
    path(_BATCH + "images/<int:image_pk>/", images.image_page, name="image"),
    path(_BATCH + "images/<int:image_pk>/values/", corrections.change, name="image-values"),
    path(_BATCH + "images/<int:image_pk>/retry/", batches.retry_image, name="image-retry"),
    path(_BATCH + "webhooks/", webhooks.deliveries, name="batch-webhooks"),
    path(_BATCH + "webhooks/send/", webhooks.send_rest, name="webhooks-send"),
    path(_BATCH + "webhooks/<int:delivery_pk>/send/", webhooks.send_again, name="webhook-send"),
    path(_BATCH + "delete/", batches.delete, name="batch-delete"),
    path(_BATCH + "workbook.xlsx", downloads.workbook, name="batch-workbook"),
    path(_BATCH + "download/<str:what>", downloads.archive, name="batch-archive"),
    path(
        _BATCH + "images/<int:image_pk>/workbook.xlsx",
        downloads.image_workbook,
        name="image-workbook",
    ),
    path(_BATCH + "images/<int:image_pk>/picture", downloads.picture, name="image-picture"),
    path(_BATCH + "images/<int:image_pk>/thumbnail", downloads.thumbnail, name="image-thumbnail"),
    path("imports/", imports.import_list, name="imports"),
    path(_IMPORT, imports.import_page, name="import"),
    path(_IMPORT + "progress/", imports.import_progress, name="import-progress"),
    path(_IMPORT + "start/", imports.import_start, name="import-start"),
    path(_IMPORT + "again/", imports.import_again, name="import-again"),
    path(_IMPORT + "results.csv", imports.import_output, name="import-output"),
    path("templates/", field_templates.template_list, name="templates"),
    path("templates/new/", field_templates.new, name="template-new"),
    path("templates/import/", field_templates.take_in, name="template-import"),
    path("templates/<int:pk>/", field_templates.edit, name="template"),
    path("templates/<int:pk>/copy/", field_templates.copy, name="template-copy"),
    path("templates/<int:pk>/delete/", field_templates.delete, name="template-delete"),
    path("templates/<int:pk>/template.json", field_templates.export, name="template-export"),
    path("clean-up/", clean_up.overview, name="clean-up"),
    path("clean-up/files/", clean_up.files, name="clean-up-files"),
    path("clean-up/<slug:kind>/", clean_up.batches, name="clean-up-batches"),
    # Asked for by browsers wherever a page names no icon, as the admin's and a picture's do.
    path("favicon.ico", login_not_required(_ICON), name="favicon"),
    path("keys/", api_keys.key_list, name="keys"),
    path("keys/<int:pk>/revoke/", api_keys.revoke, name="key-revoke"),
    path("webhooks/", webhooks.secret, name="webhooks"),
    path("webhooks/secret/", webhooks.change_secret, name="webhook-secret"),
    path("login/", _LOGIN, name="login"),
    path("logout/", require_POST(LogoutView.as_view()), name="logout"),
    path("health/", health.health, name="health"),
    path("docs/errors", error_codes.error_codes, name="error-codes"),
    path("healthz", health.healthz, name="healthz"),
    path("openapi.json", openapi.openapi_json, name="openapi"),
    path("docs", openapi.swagger, name="api-docs"),
    path("redoc", openapi.redoc, name="api-redoc"),
    path("api/v1/", api.urls),
    re_path("^api(?:/.*)?$", openapi.nothing_here),
]
