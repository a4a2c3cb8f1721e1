"""Contacts that the public API creates and updates: ContactInboxWithContactBuilder and ContactIdentifyAction."""

import re
import uuid
from dataclasses import dataclass, field

from harness.chatwoot.desk_records import Account, ApiInbox, Contact, ContactInbox, JsonObject
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.refusals import RecordInvalid

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_PHONE_NUMBER = re.compile(r"\+[1-9]\d{1,14}\Z")


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What a client says about a contact."""

    name: str | None = None
    email: str | None = None
    phone_number: str | None = None
    identifier: str | None = None
    custom_attributes: JsonObject = field(default_factory=dict)

    def check(self) -> None:
        """Raises RecordInvalid where Contact's validations refuse."""
        errors = []
        if self.email and not _EMAIL.match(self.email):
            errors.append(("email", "Invalid email"))
        if self.phone_number and not _PHONE_NUMBER.match(self.phone_number):
            errors.append(("phone_number", "should be in e164 format"))
        if errors:
            raise RecordInvalid(errors)


def find_or_create(store: DeskStore, inbox: ApiInbox, source_id: str | None, facts: ContactFacts) -> ContactInbox:
    """The contact in the inbox.

    A known source id is answered with what is there, unchanged. A known identifier, e-mail address or phone number
    gets a new source id of the same contact, which is unchanged too.
    """
    known = [e for e in store.contact_inboxes if e.inbox is inbox and e.source_id == source_id]
    if source_id and known:
        return known[0]
    contact = find_contact(store, inbox.account, facts) or _create(store, inbox.account, facts)
    return store.add_contact_inbox(contact, inbox, source_id or str(uuid.uuid4()))


def find_contact(store: DeskStore, account: Account, facts: ContactFacts) -> Contact | None:
    """By identifier, else by e-mail address, else by phone number."""
    for name in ("identifier", "email", "phone_number"):
        value = getattr(facts, name)
        for contact in store.contacts:
            if value and contact.account is account and getattr(contact, name) == value:
                return contact
    return None


def _create(store: DeskStore, account: Account, facts: ContactFacts) -> Contact:
    facts.check()
    # Chatwoot invents a pair of words and a number.
    contact = store.add_contact(account, facts.name or f"nameless-visitor-{len(store.contacts) + 1}")
    contact.email, contact.phone_number, contact.identifier = facts.email, facts.phone_number, facts.identifier
    contact.custom_attributes = dict(facts.custom_attributes)
    return contact


def update(store: DeskStore, contact: Contact, facts: ContactFacts) -> None:
    """Blank values change nothing; custom attributes are merged. The public API never updates an identifier."""
    facts.check()
    for name in ("name", "email", "phone_number"):
        if value := getattr(facts, name):
            setattr(contact, name, value)
    contact.custom_attributes = contact.custom_attributes | facts.custom_attributes
    contact.updated_at = store.now()
