"""The TM Forum resources, one module each: attributes, filters and example. RESOURCES lists them in API order."""

from retention.tmf.fields.base import Resource
from retention.tmf.serializers.agreements import AGREEMENT
from retention.tmf.serializers.bills import BILL
from retention.tmf.serializers.customers import CUSTOMER
from retention.tmf.serializers.interactions import INTERACTION
from retention.tmf.serializers.messages import MESSAGE
from retention.tmf.serializers.products import PRODUCT
from retention.tmf.serializers.tickets import TICKET
from retention.tmf.serializers.usage import USAGE

RESOURCES: tuple[Resource, ...] = (CUSTOMER, PRODUCT, AGREEMENT, BILL, USAGE, INTERACTION, MESSAGE, TICKET)
