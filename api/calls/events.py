"""The timeline for a warehouse, in pieces that a program goes on with by a cursor."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseBase

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.inputs.events import EventParameters
from people.enums import Role
from reports.warehouse import events as events_after


def read_events(ask: Ask) -> HttpResponseBase:
    """Events behind `after`, the oldest first, a line of JSON each (NDJSON); `Next-After` is what to ask with next.

    Fewer lines than `limit` mean that this is all for now. An event is given out once it is certain that none with a
    smaller cursor can follow, some seconds after it happened.
    """
    after = ask.parameters["after"]
    lines = list(events_after(after=after, most=ask.parameters["limit"]))
    body = "".join(json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for line in lines)
    headers = {"Next-After": str(lines[-1]["cursor"] if lines else after), "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/x-ndjson; charset=utf-8", headers=headers)


events = endpoint(GET=Call(read_events, Role.ADMIN, None, parameters=EventParameters))
