from retention.tmf.agreement import AGREEMENT
from retention.tmf.bill import BILL
from retention.tmf.customer import CUSTOMER
from retention.tmf.face import Face
from retention.tmf.interaction import INTERACTION
from retention.tmf.message import MESSAGE
from retention.tmf.product import PRODUCT
from retention.tmf.ticket import TICKET
from retention.tmf.usage import USAGE

FACES: tuple[Face, ...] = (CUSTOMER, PRODUCT, AGREEMENT, BILL, USAGE, INTERACTION, MESSAGE, TICKET)
