"""A `requests` session whose every call goes by the guarded client: for libraries that bring `requests` along."""

from typing import Any

import requests
from requests.adapters import BaseAdapter

from notifications.calling import CallFailedError, ForbiddenAddressError, call

MOST_BYTES = 262_144


class Guarded(BaseAdapter):
    """No redirect is followed, since an answer here has no headers but its type."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        wanted = ("accept", "authorization", "content-type", "content-length")
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() in wanted}
        try:
            answer = call(request.method, request.url, content=content, headers=headers, most=MOST_BYTES)
        except (ForbiddenAddressError, CallFailedError) as error:
            raise requests.ConnectionError(str(error)) from error
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, request.url, request
        response._content = answer.text.encode()
        response.headers["content-type"] = "application/json"
        return response

    def close(self) -> None:
        """Each call has a connection of its own."""


def session() -> requests.Session:
    made = requests.Session()
    # Neither proxies nor passwords of the machine's own settings.
    made.trust_env = False
    for scheme in ("https://", "http://"):
        made.mount(scheme, Guarded())
    return made
