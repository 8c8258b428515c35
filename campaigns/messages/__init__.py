"""Messages 短信、邮件: approved templates, one queue for all who send, gateways behind one interface.

`queue_messages()` is the one door: it asks the contact gate and reserves the contact as orders do. A sender claims what
is due, asks the gate again, and hands it to the gateway of the channel; receipts and replies come back over the API.
"""
