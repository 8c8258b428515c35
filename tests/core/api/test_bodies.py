"""What a body may be: as long as announced, packed by gzip alone, in a charset that we read."""

import gzip
import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from rest_framework.request import Request

from retention.core.api.bodies import json_body, read_body
from retention.core.errors import DomainError


def request(body: bytes, **meta: str) -> Request:
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return Request(WSGIRequest(environ | meta))


def refusal(work, *arguments) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        work(*arguments)
    return refused.value.status, refused.value.code


def test_a_body_shorter_than_announced_is_refused():
    assert refusal(read_body, request(b'{"amount": 12', CONTENT_LENGTH="20")) == (400, "body_cut")
    assert read_body(request(b"whole")) == b"whole"


def test_what_follows_the_announced_length_is_not_read():
    assert read_body(request(b"12.00,and what a pipelining client sends next", CONTENT_LENGTH="5")) == b"12.00"


@pytest.mark.parametrize("coding", ["deflate", "br", "zstd", "gzip, gzip", "nonsense"])
def test_any_packing_but_gzip_is_refused(coding):
    assert refusal(json_body, request(b"{}", HTTP_CONTENT_ENCODING=coding)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", " gzip "])
def test_gzip_in_any_spelling_is_unpacked(coding):
    assert json_body(request(gzip.compress(b'{"a": 1}'), HTTP_CONTENT_ENCODING=coding)) == {"a": 1}


def test_identity_is_no_packing():
    assert json_body(request(b'{"a": 1}', HTTP_CONTENT_ENCODING="identity")) == {"a": 1}


def test_gzip_that_is_none_or_ends_early_is_refused():
    packed = gzip.compress(b'{"a": "' + b"x" * 999 + b'"}')
    for body in (b"{}", packed[:-4], packed[:20], packed + b"rest"):
        assert refusal(json_body, request(body, HTTP_CONTENT_ENCODING="gzip")) == (400, "bad_gzip")


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "gbk", "GB2312", "gb18030", "big5", "utf-16", "utf-16le"])
def test_the_charset_that_is_named_is_read(charset):
    body = '{"name": "王"}'.encode(charset.strip('"'))
    assert json_body(request(body, CONTENT_TYPE=f"application/json; charset={charset}")) == {"name": "王"}


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "klingon", "idna", "\u738b", "a b", "zlib"])
def test_any_other_charset_is_refused(charset):
    sent = request(b"{}", CONTENT_TYPE=f"application/json; charset={charset}")
    assert refusal(json_body, sent) == (415, "unsupported_charset")


def test_a_body_that_is_not_in_its_charset_is_malformed():
    sent = request('{"name": "王"}'.encode("gbk"), CONTENT_TYPE="application/json; charset=utf-8")
    assert refusal(json_body, sent) == (400, "malformed_json")
    sent = request(b'{"name": "\xff"}', CONTENT_TYPE="application/json; charset=gbk")
    assert refusal(json_body, sent) == (400, "malformed_json")
