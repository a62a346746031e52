"""A passkey made of software, and an app that shows codes: what a person holds in his hand."""

import hashlib
import json
import time
from base64 import b32decode, urlsafe_b64decode, urlsafe_b64encode

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

ORIGIN = "http://localhost:8000"
# Present, verified; the third bit says that a new credential follows.
SEEN, NEW = 0x05, 0x40


def code_of(secret: str, *, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    assert len(b32decode(secret)) == 20
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


class SoftKey:
    """ES256, no attestation; it says of itself that it signs in by itself."""

    def __init__(self, name: bytes = b"key-1") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name
        self.owner = ""

    def made(self, options: dict, *, origin: str = ORIGIN) -> str:
        public = options["publicKey"]
        self.owner = public["user"]["id"]
        known = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + known
        data = self._about(public["rp"]["id"], SEEN | NEW) + credential
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", public["challenge"], origin)
        return self._told({"clientDataJSON": _text(said), "attestationObject": _text(attested)})

    def used(self, options: dict, *, origin: str = ORIGIN, key: ec.EllipticCurvePrivateKey | None = None) -> str:
        public = options["publicKey"]
        data = self._about(public["rpId"], SEEN)
        said = self._said("webauthn.get", public["challenge"], origin)
        signed = (key or self.key).sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        given = {"clientDataJSON": _text(said), "authenticatorData": _text(data), "signature": _text(signed)}
        return self._told(given | {"userHandle": self.owner})

    def _about(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + bytes(4)

    def _said(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _told(self, response: dict[str, str]) -> str:
        about = {"id": _text(self.name), "rawId": _text(self.name), "type": "public-key"}
        return json.dumps(about | {"clientExtensionResults": {"credProps": {"rk": True}}, "response": response})


def _text(data: bytes) -> str:
    text = urlsafe_b64encode(data).decode().rstrip("=")
    assert urlsafe_b64decode(text + "=" * (-len(text) % 4)) == data
    return text
