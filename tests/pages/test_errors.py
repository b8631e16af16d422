"""Error pages: each refusal as a page, which asks nothing of the database, since that may be what is away."""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from chatsite import views
from live.errors import Draining
from live.replies import refuse

PAGES = {
    400: lambda request: views.bad_request(request, ValueError()),
    403: views.csrf_failure,
    404: lambda request: views.not_found(request, ValueError()),
    500: views.server_error,
    503: lambda request: refuse(request, Draining()),
}


def request() -> HttpRequest:
    """From a browser whose person was signed in; without the mark for a database, a query is an error here."""
    found = RequestFactory().get("/c/", headers={"accept": "text/html"})
    found.id = "request-7"  # type: ignore[attr-defined]
    found.csp_nonce = "nonce"  # type: ignore[attr-defined]
    found.session = import_module(settings.SESSION_ENGINE).SessionStore("known")
    AuthenticationMiddleware(lambda _: HttpResponse()).process_request(found)
    MessageMiddleware(lambda _: HttpResponse()).process_request(found)
    return found


@pytest.mark.parametrize("status", PAGES)
def test_an_error_page_says_what_happened_without_the_database(status: int) -> None:
    response = PAGES[status](request())
    page = response.content.decode()
    assert response.status_code == status
    assert f'<p class="faint">{status}</p>' in page
    assert page.count("<h1>") == 1
    assert ("request-7" in page) == (status == 500)
    assert "data-history" not in page
