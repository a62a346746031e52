"""A Dovecot of our own: Debian's, as nobody in particular, on private ports, for as long as the tests run."""

import grp
import os
import pwd
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import jwt
from imap_tools import MailBoxUnencrypted

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
MISSING = "Dovecot is not installed: apt-get install --no-install-recommends dovecot-imapd"
LMTP = Path("/usr/lib/dovecot/lmtp")
MISSING_LMTP = "Dovecot takes no mail: apt-get install --no-install-recommends dovecot-lmtpd"
PASSWORD = "open-the-box"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = {protocols}
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 0
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
# What arrives in the second of the last look is met by the next one, which waits for half a minute otherwise.
mailbox_idle_check_interval = 1 s
recipient_delimiter = +
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
}}
"""

# Tokens are looked at here, by their signature, and no other server is asked.
TOKENS = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""
TOKEN_KEY = b"the key with which this server's tokens are signed"


@dataclass(frozen=True)
class Dovecot:
    folder: Path
    port: int
    tls_port: int
    lmtp_port: int

    @contextmanager
    def signed_in(self, user: str) -> Iterator[MailBoxUnencrypted]:
        """As the person whose mailbox it is, with another program."""
        box = MailBoxUnencrypted("127.0.0.1", self.port, timeout=10)
        box.login(user, PASSWORD)
        try:
            yield box
        finally:
            box.client.shutdown()

    def token_of(self, user: str, *, ends: datetime) -> str:
        """As an authorisation server would give it to this person."""
        return jwt.encode({"sub": user, "exp": ends}, TOKEN_KEY, algorithm="HS256")

    def deliver(self, user: str, *mails: bytes) -> None:
        with self.signed_in(user) as box:
            for raw in mails:
                box.append(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), "INBOX")

    def hand_over(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """As the mail server before it does with what came from outside."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=10) as line:
            line.sendmail(sender, [recipient], raw)

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, set[str]]:
        with self.signed_in(user) as box:
            box.folder.set(folder)
            return {int(mail.uid): set(mail.flags) for mail in box.fetch(mark_seen=False, headers_only=True)}

    def renumber(self, user: str) -> None:
        """As after a move to another server: all mails are there, under other numbers."""
        box = self.folder / "mail" / user
        head, *lines = (box / "dovecot-uidlist").read_text().splitlines()
        validity = re.search(r" V(\d+) ", head)[1]
        head = re.sub(r" N\d+ ", " N90 ", head.replace(f" V{validity} ", f" V{int(validity) + 1} "))
        others = [f"{70 + place} {line.partition(' ')[2]}" for place, line in enumerate(reversed(lines))]
        (box / "dovecot-uidlist").write_text("\n".join([head, *others, ""]))
        for cached in box.glob("dovecot.index*"):
            cached.unlink()


@contextmanager
def running() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="escala-dovecot-"))
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    server = Dovecot(folder, *_free_ports(3))
    try:
        _prepare(server, owner)
        process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(folder / "dovecot.conf")],
            **({"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}),
        )
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: Dovecot, owner: pwd.struct_passwd) -> None:
    folder = server.folder
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            user=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=server.port,
            tls_port=server.tls_port,
            lmtp_port=server.lmtp_port,
            protocols="imap lmtp" if LMTP.exists() else "imap",
            password=PASSWORD,
        )
    )
    for name in ("run", "state", "mail", "home", "keys/default/HS256"):
        (folder / name).mkdir(parents=True)
    (folder / "oauth2.conf").write_text(TOKENS.format(folder=folder))
    (folder / "keys/default/HS256/default").write_bytes(b64encode(TOKEN_KEY))
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = server.folder / "log"
    raise RuntimeError(f"Dovecot does not run: {log.read_text() if log.exists() else process.poll()}")


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _one in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports
