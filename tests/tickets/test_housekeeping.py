"""A file on the disk either belongs to a message or goes, but not while its transaction may be running."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tickets import drafts
from tickets.files import Upload
from tickets.housekeeping import remove_stray_files
from tickets.models import Attachment


def test_only_old_files_that_no_message_knows_are_removed(open_ticket, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    open_ticket(attachments=[Upload("log.txt", b"kept")])
    stray = default_storage.save("2026/11/stray", ContentFile(b"rolled back"))

    assert remove_stray_files(now=timezone.now()) == 0
    assert default_storage.exists(stray)

    assert remove_stray_files(now=timezone.now() + timedelta(days=2)) == 1
    assert not default_storage.exists(stray)
    with Attachment.objects.get().stored.open() as kept:
        assert kept.read() == b"kept"


def test_a_desk_without_any_file_has_nothing_to_remove(db, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "absent")},
        },
    }

    assert remove_stray_files(now=timezone.now()) == 0


def test_a_file_on_a_draft_is_no_stray(open_ticket, anna, settings, tmp_path, at):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    kept = drafts.add_file(ticket=open_ticket(), author=anna, kind="reply", upload=Upload("log.txt", b"kept"), now=at)

    assert remove_stray_files(now=timezone.now() + timedelta(days=2)) == 0
    assert default_storage.exists(kept.stored.name)
