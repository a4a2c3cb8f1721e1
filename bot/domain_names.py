"""Names that the code shares with Rasa's `domain.yml`, rules and stories, each written once in Python.

Members are strings, and Rasa stores their values. Only names that the code needs are here;
`tests/test_domain_names.py` compares them with `domain.yml`, and finds names that are written out elsewhere.
"""

from enum import StrEnum


class Intent(StrEnum):
    """What a message wants. `docs/intents.md` defines each intent."""

    # information
    ASK_ABOUT_OTHERS = "ask_about_others"
    ASK_CONTACT = "ask_contact"
    ASK_DAY = "ask_day"
    ASK_DISCONNECTION_GUARANTEE = "ask_disconnection_guarantee"
    ASK_EMERGENCY_CHANGES = "ask_emergency_changes"
    ASK_GUARANTEE_DURATION = "ask_guarantee_duration"
    ASK_GUARANTEE_SCOPE = "ask_guarantee_scope"
    ASK_HOW_TO_PAY = "ask_how_to_pay"
    ASK_PAYMENT_DELAY = "ask_payment_delay"
    ASK_OTHER_SERVICES = "ask_other_services"
    ASK_PLACE_CLOSED = "ask_place_closed"
    ASK_PUBLISHED_TOPIC = "ask_published_topic"
    ASK_REOPENING = "ask_reopening"
    # account
    CHECK_ACCOUNT_STATUS = "check_account_status"
    CHECK_INVOICE = "check_invoice"
    CHECK_PAYMENT_RECEIVED = "check_payment_received"
    HOLD_ON = "hold_on"
    REQUEST_PAYMENT_EXTENSION = "request_payment_extension"
    RESEND_CODE = "resend_code"
    SIGN_OUT = "sign_out"
    WHY_NUMBER = "why_number"
    WITHOUT_NUMBER = "without_number"
    # trouble
    COMPLAIN = "complain"
    REPORT_DANGER = "report_danger"
    REPORT_DESPAIR = "report_despair"
    REPORT_DISCONNECTED = "report_disconnected"
    REPORT_SAFE = "report_safe"
    REPORT_OUTAGE = "report_outage"
    REQUEST_HUMAN = "request_human"
    # dialogue
    AFFIRM = "affirm"
    BOT_CHALLENGE = "bot_challenge"
    CANCEL = "cancel"
    CHANGE_LANGUAGE = "change_language"
    DENY = "deny"
    FOLLOW_UP = "follow_up"
    GOODBYE = "goodbye"
    GREET = "greet"
    HELP = "help"
    INFORM = "inform"
    INSTRUCT_ASSISTANT = "instruct_assistant"
    OUT_OF_SCOPE = "out_of_scope"
    REPEAT = "repeat"
    THANK = "thank"
    UNSURE = "unsure"
    # Rasa's own, for a confidence below the threshold
    NLU_FALLBACK = "nlu_fallback"


# Danger to life: it comes before all else, and lasts until it is over.
ALARMS = (Intent.REPORT_DANGER, Intent.REPORT_DESPAIR)
# Questions about places; a follow-up may name another place.
PLACE_TOPICS = frozenset({Intent.ASK_PLACE_CLOSED, Intent.ASK_REOPENING})
# Intents with irreversible effects: ending a call, handing it over, recording something, leaving a form.
IRREVERSIBLE = frozenset(
    {Intent.GOODBYE, Intent.REQUEST_HUMAN, Intent.COMPLAIN, Intent.REQUEST_PAYMENT_EXTENSION, Intent.CANCEL}
)


class EntityName(StrEnum):
    """What kind of information a part of a message is."""

    AMOUNT = "amount"
    CHOICE = "choice"  # from a button that offers one of several contracts
    CONTRACT_NUMBER = "contract_number"
    DATE = "date"
    INSTALMENTS = "instalments"
    LANGUAGE = "language"
    MONTH = "month"
    PLACE = "place"
    PUBLISHED_TOPIC = "published_topic"  # from a button that offers a topic published after training


class Slot(StrEnum):
    """What a conversation remembers."""

    ABOUT = "last_question"
    ACCOUNT_DETAILS = "account_details"
    ACCOUNT_QUESTION = "account_question"
    ACCOUNT_WISH = "account_wish"
    ALSO = "also"
    COMPLAINT_DETAILS = "complaint_details"
    PENDING_QUESTION = "pending_question"
    PERSONS = "known_persons"
    PLACES = "places"
    SAID = "answered_questions"
    TOPIC = "topic"


class PendingQuestion(StrEnum):
    """The question that "yes" and "no" would answer: values of the slot `pending_question`."""

    CLARIFY = "clarify"  # which of the likeliest intents is meant
    COMPLAIN = "complain"
    GOODBYE = "goodbye"
    OUTAGE = "outage"  # whether neighbours are without power too
    PERSON = "person"  # whether a person is wanted
    REQUEST_PAYMENT_EXTENSION = "request_payment_extension"


class Aspect(StrEnum):
    """Questions within intents, and aspects of follow-ups, that the code itself tells apart."""

    CALL = "report_danger/call"
    DEFERRAL = "ask_payment_delay/deferral"
    MAY_I = "report_danger/may_i"
    OBJECTION = "follow_up/objection"
    SAME = "follow_up/same"
    SURE = "follow_up/sure"
    WHY = "follow_up/why"
    CONFIRMED = "ask_disconnection_guarantee/sure"
    FAMILY = "ask_about_others/family"


class Form(StrEnum):
    """A dialogue that asks the customer until it has everything it needs."""

    ACCOUNT = "account_form"
    COMPLAINT = "complaint_form"


class ActionName(StrEnum):
    """What the assistant does or says next."""

    ABOUT_FORM = "action_about_form"
    ANSWER = "action_answer"
    ASK_ACCOUNT_DETAILS = "action_ask_account_form_account_details"
    CANCEL = "action_cancel"
    CHANGE_LANGUAGE = "action_change_language"
    CLARIFY = "action_clarify"
    COMPLAIN = "action_complain"
    DIALOGUE = "action_dialogue"
    DECLINE = "action_decline"
    DAY = "action_day"
    ELLIPTICAL = "action_elliptical"
    END_COMPLAINT = "action_end_complaint"
    EXTENSION = "action_extension"
    FOLLOW_UP = "action_follow_up"
    GOODBYE = "action_goodbye"
    HAND_OVER = "action_hand_over"  # records that a person is wanted; channels see it in the tracker
    OWN_REPLY = "action_own_reply"
    OFFER_PERSON = "action_offer_person"
    OUT_OF_SCOPE = "action_out_of_scope"
    OUTAGE_AREA = "action_outage_area"
    OUTAGE_SINGLE = "action_outage_single"
    PERSON = "action_person"
    REPEAT = "action_repeat"
    REPORT_OUTAGE = "action_report_outage"
    SIGN_OUT = "action_sign_out"
    UNSURE = "action_unsure"
    UTTER_GOODBYE = "utter_goodbye"  # tells channels that the customer has left
    VALIDATE_ACCOUNT_FORM = "validate_account_form"
    VALIDATE_COMPLAINT_FORM = "validate_complaint_form"
