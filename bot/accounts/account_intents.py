"""Intents that only an account answers."""

from bot.domain_names import Intent

QUESTIONS = frozenset(
    {
        Intent.CHECK_ACCOUNT_STATUS,
        Intent.CHECK_INVOICE,
        Intent.CHECK_PAYMENT_RECEIVED,
        Intent.REQUEST_PAYMENT_EXTENSION,
        Intent.REPORT_DISCONNECTED,
    }
)
