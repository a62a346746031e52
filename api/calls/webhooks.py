"""The calls about webhooks, for administrators: which there are, what became of their calls, and one of them again."""

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.pagination import PageParameters, page
from api.shapes.webhooks import CallPage, CallShape, WebhookPage, call_shape, webhook_shape
from common.errors import NotFound
from notifications import endpoints, outbox
from notifications.models import Delivery, Endpoint
from people.enums import Role


def list_webhooks(ask: Ask) -> WebhookPage:
    """The programs that the desk calls, the newest first."""
    results, next_ = page(Endpoint.objects.prefetch_related("teams"), ask, webhook_shape)
    return {"results": list(results), "next": next_}


def list_calls(ask: Ask, pk: int) -> CallPage:
    """What it was told, or is still to be told, the newest first."""
    results, next_ = page(Delivery.objects.filter(endpoint=endpoints.endpoint_of(pk)), ask, call_shape)
    return {"results": list(results), "next": next_}


def replay(ask: Ask, pk: int, call: int) -> CallShape:
    """Call once more, at once, under the same `webhook-id`; of what is being sent at this moment a 409."""
    if not Delivery.objects.filter(pk=call, endpoint=pk).exists():
        raise NotFound
    return call_shape(outbox.retry(pk=call, by=ask.user, now=ask.now))


webhooks = endpoint(GET=Call(list_webhooks, Role.ADMIN, WebhookPage, parameters=PageParameters))
calls = endpoint(GET=Call(list_calls, Role.ADMIN, CallPage, sees=Role.ADMIN, parameters=PageParameters))
replaying = endpoint(POST=Call(replay, Role.ADMIN, CallShape, sees=Role.ADMIN))
