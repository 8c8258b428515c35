"""How the API document is made (drf-spectacular): what it is called, and what of ours shapes it."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Customer retention: API for billing systems",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENABLE_LIST_MECHANICS_ON_NON_2XX": False,
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ChannelEnum": "analytics.warnings.api.serializers.CHANNELS",
        "WebhookEvent": "retention.core.webhooks.events.event_choices",
    },
    "PREPROCESSING_HOOKS": ["retention.api.only_ours"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "retention.core.api.schema.described",
        "retention.core.webhooks.api.events.describe_headers",
    ],
    "WEBHOOKS": "retention.core.webhooks.api.events.WEBHOOKS",
}
