"""Replies that rest on no announcement: the date, other people's data, orders to the assistant."""

from babel.dates import format_date

from actions.conversing import ConversingAction
from actions.turn import Outcome, Turn
from bot.clock import today
from bot.domain_names import ActionName, Aspect, Intent
from bot.replies.formats import LOCALES, SpokenDate

REPLIES: dict[str, str] = {
    Intent.ASK_ABOUT_OTHERS: "utter_others_data",
    Intent.INSTRUCT_ASSISTANT: "utter_instructed",
    Aspect.FAMILY: "utter_others_family",
}


class ActionOwnReply(ConversingAction):
    """Turns away requests for other people's data and orders to the assistant."""

    def name(self) -> str:
        return ActionName.OWN_REPLY

    def answer_alone(self, turn: Turn) -> Outcome:
        return Outcome([turn.fixed(REPLIES.get(turn.about or "") or REPLIES[turn.intent])])


class ActionDay(ConversingAction):
    """Tells which day it is, which decides every answer."""

    def name(self) -> str:
        return ActionName.DAY

    def answer_alone(self, turn: Turn) -> Outcome:
        day = today()
        weekday = format_date(day, "EEEE", locale=LOCALES[turn.language])
        return Outcome([turn.fixed("utter_day", weekday=weekday, today=SpokenDate(day, turn.language))])
