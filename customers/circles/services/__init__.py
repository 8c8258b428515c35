"""Making and describing circles; the only writers of their tables."""

from customers.circles.services.recording import CirclesReport, record_circles

__all__ = ["CirclesReport", "record_circles"]
