"""Consents say their purpose and channel in the words that the contact gate compares; those stored before are put so."""

from django.db import migrations, models

# A refusal in words that nobody knows stops every contact; a grant in such words allows none, so it stays as it is.
SPELLINGS = {
    "channel": {
        "call": ["phone", "tel", "telephone", "voice", "calls", "outbound", "电话", "外呼", "语音"],
        "sms": ["text", "message", "短信"],
        "email": ["e-mail", "mail", "邮件", "电子邮件", "邮箱"],
        "app": ["push", "in-app", "in_app", "客户端"],
        "any": ["all", "*", "全部", "任意", "所有"],
    },
    "purpose": {
        "retention": ["挽留", "维系"],
        "renewal": ["续约", "续费"],
        "care": ["关怀"],
        "service": ["服务"],
        "marketing": ["营销", "推广", "promotion", "advertising"],
        "any": ["all", "*", "全部", "任意", "所有"],
    },
}


def word_sql(column: str) -> str:
    """The word for what is stored in `column`: the same word, a known spelling of it, else `any` for a refusal."""
    written = f"lower(btrim({column}))"
    whens = "".join(
        " WHEN {} IN ({}) THEN '{}'".format(written, ", ".join(f"'{one}'" for one in (word, *others)), word)
        for word, others in SPELLINGS[column].items()
    )
    return f"CASE{whens} WHEN granted THEN {column} ELSE 'any' END"


SAID = f"""
    CREATE TEMPORARY TABLE consent_words ON COMMIT DROP AS
    SELECT c.id, w.purpose, w.channel,
        row_number() OVER (PARTITION BY c.subscriber_id, w.purpose, w.channel ORDER BY c.at DESC, c.granted) AS place
    FROM customers_consent c
    CROSS JOIN LATERAL (SELECT {word_sql("purpose")} AS purpose, {word_sql("channel")} AS channel) w
    WHERE c.subscriber_id IN (
        SELECT subscriber_id FROM customers_consent
        WHERE purpose NOT IN ({", ".join(f"'{word}'" for word in SPELLINGS["purpose"])})
           OR channel NOT IN ({", ".join(f"'{word}'" for word in SPELLINGS["channel"])})
    )
"""
# First those that have been replaced: the new key of the others may be theirs.
DELETE_REPLACED = "DELETE FROM customers_consent c USING consent_words w WHERE w.id = c.id AND w.place > 1"
CORRECT = """
    UPDATE customers_consent c SET purpose = w.purpose, channel = w.channel FROM consent_words w
    WHERE w.id = c.id AND w.place = 1 AND (c.purpose, c.channel) <> (w.purpose, w.channel)
"""


def correct_words(apps, schema_editor):
    """Of two consents that turn out to be one, the later stands, and the refusal of two at one time."""
    with schema_editor.connection.cursor() as cursor:
        for statement in (SAID, DELETE_REPLACED, CORRECT):
            cursor.execute(statement)


class Migration(migrations.Migration):

    few_rows = "consents in words that nobody reads, and others of the same lines; both of a key must be seen at once"
    dependencies = [("customers", "0018_row_waits_as")]

    operations = [
        migrations.RunPython(correct_words, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("retention", "Retention"),
                    ("renewal", "Renewal"),
                    ("care", "Care"),
                    ("service", "Service"),
                    ("marketing", "Marketing"),
                    ("any", "Every purpose"),
                ],
                max_length=40,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="channel",
            field=models.CharField(
                choices=[
                    ("call", "Calls"),
                    ("sms", "SMS"),
                    ("email", "E-mail"),
                    ("app", "App"),
                    ("any", "Every channel"),
                ],
                max_length=20,
                verbose_name="channel",
            ),
        ),
    ]
