"""Labelled conversations are held one after the other, each as if it were the first."""

from bot.evaluation.conversation_sets import LabelledConversation, LabelledTurn
from bot.evaluation.held_conversations import held
from bot.knowledge.conveyed import Act, Opening
from bot.rasa.local_assistant import LocalAssistant

NUMBER = LabelledTurn("90010000033", Act.ACCOUNT, Opening.NONE, (frozenset({"ACC:code"}),))
ASKS = LabelledTurn("How much do I owe?", Act.ACCOUNT, Opening.NONE, (frozenset({"ACC:number"}),))
CODE = LabelledTurn("123456", Act.ACCOUNT, Opening.OPEN, (frozenset({"ACC:balance"}),))
PROMISE = LabelledTurn("Will you disconnect me if I pay late?", Act.ANSWER, Opening.NONE, (frozenset({"S6"}),))
AFTER = LabelledTurn(PROMISE.said, Act.ANSWER, Opening.NOT_SAID, (frozenset({"END"}),), frozenset({"S6"}))


def test_locks_codes_and_days_of_one_do_not_reach_the_next(loaded: LocalAssistant, database: str) -> None:
    account = [LabelledConversation(f"account {n}", "2020-03-25", (ASKS, NUMBER, CODE, PROMISE)) for n in range(8)]
    ended = LabelledConversation("ended", "2020-06-10", (AFTER,), ended=True)
    again = LabelledConversation("not ended", "2020-03-25", (PROMISE,))
    judged = held(loaded, [*account, ended, again], lambda _: None, database)
    assert [(one.conversation, one.number, one.faults) for one in judged if one.faults] == []
    assert len(judged) == 2 * len(account) + 2  # a code ends the scoring
