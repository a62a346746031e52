"""A company's own sign-in, as small as it can be: a real server that signs real tokens."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET, KEY = "escala", "shared-with-the-provider", "key-1"


class Company:
    """`person`: what it says of whoever signs in; `spoil`: what is wrong with its tokens; `key` and `alg` sign them."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key: Any = self.private
        self.alg = "RS256"
        self.issuer = ""
        self.person: dict[str, Any] = {}
        self.spoil: dict[str, Any] = {}
        self.nonce = ""
        self.asked: list[dict[str, list[str]]] = []

    def token(self) -> str:
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": self.nonce}
        return jwt.encode(about | self.person | self.spoil, self.key, algorithm=self.alg, headers={"kid": KEY})

    def answers(self, path: str) -> dict[str, Any]:
        if path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
            return {"keys": [public | {"kid": KEY, "use": "sig", "alg": "RS256"}]}
        if path == "/token":
            return {"access_token": "at", "token_type": "Bearer", "id_token": self.token()}
        names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.issuer} | {name: self.issuer + at for name, at in names.items()}


@contextmanager
def running() -> Iterator[Company]:
    company = Company()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            given = self.rfile.read(int(self.headers["Content-Length"])).decode()
            company.asked.append(parse_qs(given))
            self._answer()

        def _answer(self) -> None:
            body = json.dumps(company.answers(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        company.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield company
        finally:
            server.shutdown()
            thread.join()
