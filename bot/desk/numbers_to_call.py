"""Which numbers customers are called back at: any real one, unless the call would cost the company extra.

Whoever earns by calls to a number would otherwise only have to ask for a call back there (toll fraud).
"""

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.words.kinds_of_number import in_e164

COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
NO_COUNTRY = "001"  # satellite phones, international premium rates and the like


def number_to_call(given: str) -> str | None:
    """A number to call back in E.164, such as +37120000000; without a country code it counts as Latvian.

    None: there is no such number, or it is not called.
    """
    number = in_e164(given)
    if number is None:
        return None
    parsed = phonenumbers.parse(number)
    is_costly = phonenumbers.number_type(parsed) in COSTLY
    return None if is_costly or phonenumbers.region_code_for_number(parsed) == NO_COUNTRY else number
