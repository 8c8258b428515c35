import pytest

from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs import text
from retention.core.registry import Registry


def test_an_entry_is_declared_once():
    registry: Registry[str, int] = Registry("thing")
    assert registry.declare("a", 1) == "a"
    with pytest.raises(ValueError, match="thing 'a' is declared twice"):
        registry.declare("a", 2)
    assert registry == {"a": 1}


def test_two_kinds_of_work_never_share_a_lock_space():
    with pytest.raises(ValueError, match="7301"):
        LOCK_SPACES.declare(7301, "something else")


def test_an_undeclared_audit_action_is_refused():
    with pytest.raises(ValueError, match="undeclared audit action 'no.such'"):
        audit.record(actor=None, action="no.such")


def test_a_job_that_no_app_declares_is_shown_by_its_name():
    assert (str(text.format_kind("nightly")), text.format_kind("other")) == ("Nightly run", "other")
