"""Pages of messages: history and queue (`history`), templates (`templates`)."""
