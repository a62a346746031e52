from api.models import ApiToken
from tests.api.conftest import Caller


def test_the_maintenance_door_makes_a_token_and_shows_its_secret_once(adam, anna, client):
    client.force_login(adam)

    saved = client.post("/admin/api/apitoken/add/", {"user": anna.pk, "name": "bot", "can_write": "on"}, follow=True)

    shown = next(word for word in saved.content.decode().split() if word.startswith("esc_")).split("<")[0]
    assert Caller(shown).get("tickets/").status_code == 200
    again = client.get(f"/admin/api/apitoken/{ApiToken.objects.get().pk}/change/")
    assert shown not in again.content.decode()


def test_changing_a_token_keeps_its_secret(adam, anna, client):
    client.force_login(adam)
    client.post("/admin/api/apitoken/add/", {"user": anna.pk, "name": "bot", "can_write": "on"})
    token = ApiToken.objects.get()

    client.post(f"/admin/api/apitoken/{token.pk}/change/", {"user": anna.pk, "name": "crawler"})

    changed = ApiToken.objects.get()
    assert (changed.name, changed.can_write, changed.digest) == ("crawler", False, token.digest)
