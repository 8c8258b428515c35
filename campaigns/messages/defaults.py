"""The templates that ship, as drafts: nothing is sent until a person of the operator has approved the words."""

from typing import Any

from campaigns.outreach.models import ContactPurpose
from customers.lists.models import ListEntry

SMS = str(ListEntry.Channel.SMS.value)


def _sms(code: str, name: str, name_zh: str, purpose: ContactPurpose, body: str, body_zh: str) -> dict[str, Any]:
    return {
        "code": code, "name": name, "name_zh": name_zh, "channel": SMS, "purpose": purpose.value, "body": body,
        "body_zh": body_zh,
    }  # fmt: skip


TEMPLATES = (
    _sms(
        "contract-end", "Contract ends soon", "合约到期提醒", ContactPurpose.RENEWAL,
        "Dear {salutation}, the contract of your line ending in {phone} runs until {contract_end}. Ask us about renewal"
        " on 10000.",
        "尊敬的{salutation}，您尾号{phone}的合约将于{contract_end}到期，续约优惠请咨询10000。",
    ),
    _sms(
        "bill-due", "Bill is due", "缴费提醒", ContactPurpose.SERVICE,
        "Dear {salutation}, your bill of {bill_month} is {bill} yuan, due on {due_date}.",
        "尊敬的{salutation}，您{bill_month}账单{bill}元，请于{due_date}前缴费。",
    ),
    _sms(
        "points", "Points", "积分提醒", ContactPurpose.CARE,
        "Dear {salutation}, you have {points} points. Thank you for staying with us.",
        "尊敬的{salutation}，您目前有{points}积分，感谢您一直以来的支持。",
    ),
    _sms(
        "appointment", "Appointment", "预约确认", ContactPurpose.SERVICE,
        "Dear {salutation}, we call you on {appointment}, as agreed. Another time: 10000.",
        "尊敬的{salutation}，已为您预约{appointment}回电，如需改期请致电10000。",
    ),
    _sms(
        "offer-accepted", "Accepted offer", "优惠办理确认", ContactPurpose.SERVICE,
        "Dear {salutation}, for your number ending in {phone} you have accepted: {offer}. Questions: 10000.",
        "尊敬的{salutation}，您尾号{phone}已确认办理{offer}，如有疑问请致电10000。",
    ),
    _sms(
        "offer", "Offer", "优惠通知", ContactPurpose.MARKETING,
        "Dear {salutation}, for you until {until}: {offer}. Answer us on 10000.",
        "尊敬的{salutation}，为您准备了{offer}，{until}前有效，详询10000。",
    ),
)  # fmt: skip
