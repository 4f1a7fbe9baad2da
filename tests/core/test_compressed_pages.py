"""Pages are compressed for who came from here, and for nobody whom another site sent."""

import gzip

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def asked(client, **headers):
    return client.get(reverse("account_login"), headers={"Accept-Encoding": "gzip", **headers})


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_of_ours_is_compressed(client, site):
    answer = asked(client, **{"Sec-Fetch-Site": site})

    assert answer["Content-Encoding"] == "gzip"
    assert b"Sign in" in gzip.decompress(answer.content)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_what_another_site_asks_for_is_sent_as_it_is(client, headers):
    answer = asked(client, **headers)

    assert "Content-Encoding" not in answer
    assert b"Sign in" in answer.content
