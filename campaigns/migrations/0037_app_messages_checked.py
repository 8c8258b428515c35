from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("campaigns", "0036_app_messages")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("channel", "app"), ("state", "sent")),
                fields=["expires_at"],
                name="message_unread_in_app",
            ),
        ),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("text", ""), _negated=True), fields=["queued_at"], name="message_with_text"
            ),
        ),
        AddIndexConcurrently(
            model_name="reply",
            index=models.Index(fields=["received_at"], name="reply_received"),
        ),
        ValidateConstraint("contactpolicy", "contact_policy_app_hours"),
    ]
