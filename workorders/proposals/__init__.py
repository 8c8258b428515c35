"""Offers on the call screen: what may be proposed to the customer of an order, and the answer."""
