"""Holding labelled conversations with the assistant in this process, each as if it were the first."""

import asyncio
import re
from collections.abc import Callable, Iterable

from sqlalchemy import delete

from bot.clock import pretending
from bot.evaluation.conversation_sets import LabelledConversation
from bot.evaluation.judged_turns import JudgedTurn, faults_of
from bot.knowledge.conveyed import Act, Conveyed, Opening
from bot.knowledge.emergency_events import all_events, end, reopen
from bot.rasa.local_assistant import LocalAssistant
from bot.schema import tables
from bot.storage.engine import session_scope

CODE = re.compile(r"\s*\d{6}\s*")  # the codes of a label are not those that are sent, so scoring ends there
OPERATOR = "evaluation"  # who ends events where a conversation says so
# Facts and customers stay; what one conversation leaves behind (locks, codes, requests) must not reach the next.
LEFT_BEHIND = (
    tables.AccountDialogue,
    tables.OpenedAccount,
    tables.ProvenAddress,
    tables.VerificationCode,
    tables.VerificationLock,
    tables.ConversationContract,
    tables.ExtensionRequest,
    tables.Handoff,
    tables.ConversationEvent,
)


def held(
    assistant: LocalAssistant,
    conversations: Iterable[LabelledConversation],
    tell: Callable[[str], None],
    database: str,
) -> list[JudgedTurn]:
    """Hold conversations and judge each turn up to the first that gives a code.

    Args:
        database: URL of a throwaway database, the one that the assistant uses. It is named, since what conversations
            leave behind is deleted from it.
    """
    return asyncio.run(_held(assistant, list(conversations), tell, database))


async def _held(
    assistant: LocalAssistant, conversations: list[LabelledConversation], tell: Callable[[str], None], database: str
) -> list[JudgedTurn]:
    judged = []
    for place, conversation in enumerate(conversations):
        if place % 20 == 0:
            tell(f"Holding conversations: {place} of {len(conversations)} …")
        _begin_afresh(database, ended=conversation.ended)
        assistant.restart()
        with pretending(conversation.as_of):
            for number, label in enumerate(conversation.turns, 1):
                if CODE.fullmatch(label.said):
                    break
                turn = await assistant.say(label.said.replace("\n", " "))
                act = Act(turn["act"]) if turn["act"] else None
                conveyed = Conveyed(act, Opening(turn["opening"]), tuple(turn["rows"]))
                texts = tuple(reply["text"] for reply in turn["replies"])
                faults = faults_of(label, conveyed)
                judged.append(JudgedTurn(conversation.name, number, label, texts, str(turn["intent"]), faults))
    return judged


def _begin_afresh(database: str, *, ended: bool) -> None:
    with session_scope(database) as session:
        for table in LEFT_BEHIND:
            session.execute(delete(table))
        for event in all_events(session):
            if ended and event.ended_on is None and event.official_end:
                end(session, event.official_end, OPERATOR, event.id)
            elif not ended and event.ended_on is not None:
                reopen(session, OPERATOR, event.id)
