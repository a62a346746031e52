"""Addresses that lead nowhere."""

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.problems import MEDIA_TYPE, nothing_here, problem


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    """The same answer as for a record that is not there, whoever asks and by whatever method."""
    answer = problem(HTTPStatus.NOT_FOUND, nothing_here())
    return HttpResponse(json.dumps(answer.data), status=answer.status_code, content_type=MEDIA_TYPE)
