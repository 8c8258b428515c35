"""What people and machines see of a body that did not come whole."""

import pytest
from django.test import Client

from retention.core.errors import TooSlow
from retention.core.middleware import BODY_FAULT
from retention.serving.incoming import cut, too_large

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The request ends before its announced length."), ("zh-hans", "请求在达到所声明的长度之前就结束了。")],
)
def test_a_person_sees_a_page_in_their_language(language, sentence):
    answer = Client(headers={"Accept-Language": language}).post("/login/", **{BODY_FAULT: cut()})
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/batches/plans", "/api/v1/nowhere", "/tmf-api/nowhere"])
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(cut(), 400, "body_cut"), (TooSlow("late"), 408, "too_slow"), (too_large(1 << 20), 413, "too_large")],
)
def test_a_machine_sees_the_error_shape_of_its_interface(path, fault, status, code):
    answer = Client().post(path, **{BODY_FAULT: fault})
    assert answer.status_code == status
    body = answer.json()
    assert (body if path.startswith("/tmf-api/") else body["error"])["code"] == code
