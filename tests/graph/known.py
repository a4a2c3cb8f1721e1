"""Names that Graph knows: versions, fields, edges."""

KNOWN = tuple(f"v{n}.0" for n in range(19, 27))  # usable; v26.0 is the newest seen in the reference
PSID_FIELDS = ("id", "name", "first_name", "last_name", "profile_pic", "locale", "timezone", "gender")
PAGE_FIELDS = ("id", "name", "category", "link", "username", "access_token", "messaging_feature_status")
SUBSCRIBABLE = (
    "feed",
    "mention",
    "name",
    "picture",
    "category",
    "conversations",
    "leadgen",
    "ratings",
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_account_linking",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "send_cart",
    "messaging_customer_information",
    "messaging_integrity",
    "messaging_game_plays",
    "messaging_optouts",
    "inbox_labels",
    "messenger_template_status_update",
)
CONTROL = (
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "release_thread_control",
    "extend_thread_control",
)
