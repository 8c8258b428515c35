from retention.tmf.fields import Resource
from retention.tmf.serializers.agreement import AGREEMENT
from retention.tmf.serializers.bill import BILL
from retention.tmf.serializers.customer import CUSTOMER
from retention.tmf.serializers.interaction import INTERACTION
from retention.tmf.serializers.message import MESSAGE
from retention.tmf.serializers.product import PRODUCT
from retention.tmf.serializers.ticket import TICKET
from retention.tmf.serializers.usage import USAGE

RESOURCES: tuple[Resource, ...] = (CUSTOMER, PRODUCT, AGREEMENT, BILL, USAGE, INTERACTION, MESSAGE, TICKET)
