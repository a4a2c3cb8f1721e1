"""Deadlines (timeouts) in seconds: how long things may take before they are given up, and how these times relate.

Other times stay where they are used: back-off between retries, the lifetime of a code or a session, how often a
customer is asked again.
"""

# A turn, from the innermost deadline outwards: whatever is down, the customer is told within three seconds.
DATABASE_LOCK = 1.5
DATABASE_STATEMENT = 2.0
DATABASE_WORK = 2.0  # for a whole unit of work, in code that must not block
DATABASE_CONNECT = 2  # PostgreSQL's driver accepts whole seconds only
ACTION = 2.2
TURN = 2.8
CUSTOMER_HEARS = 3.0  # by then there is an answer or an apology; after that the widget itself apologises
CONVERSATION_LOCK = 5.0  # a lease: a server that was killed keeps a conversation locked for so long
ACTION_REQUEST = 5  # from the Rasa server to the action server
UNFINISHED_TURN = 10.0  # after this, a retry of the same message no longer waits for the first one's answer
HTTP_RESPONSE = 30

# Beside or within a turn.
LAST_KNOWN = 1.0  # for looking whether the facts have changed, where the last known ones will do
APOLOGY_LANGUAGE = 0.1  # for identifying the language to apologise in
TOPICS_READ = 0.8  # that a message waits for the examples of changed topics; while more are read, it goes on without
ANSWER_KEPT = 0.5  # that a visitor waits until an answer is stored
SIGN_IN = 2.8
SIGN_IN_KEYS = 3.0  # for fetching the website's public keys
BILLING_CONNECT, BILLING_READ = 1.0, 1.5  # the latter between two bytes
CODE_SENDING = 10.0  # of a one-time code, which is sent in the background of the turn
REDIS_CONNECT, REDIS_ANSWER = 0.5, 1.0
REDIS_COUNTING = 0.2  # where Redis takes longer, the rate limit of an address is counted in this process
CONVERSATION_WAIT = 60.0  # for a conversation that is locked; customers hear of it sooner, by the turn's own deadline
CONVERSATION_RELEASE = 0.1  # that a customer with an answer may wait until Redis has released the conversation's lock

# RabbitMQ, beside the turns.
BROKER_CONFIRMS = 2.0  # publisher confirms; a later one counts as trouble but is still awaited
BROKER_CONNECT = 10.0
BROKER_CLOSE = 1.0  # RabbitMQ does not read a close request while it has an alarm

# Messenger, where no customer waits in front of an open page.
GRAPH_CONNECT = 5
GRAPH_REQUEST = 25  # a request that takes longer may still have been carried out; its retry then carries it out twice
MESSENGER_CLAIM, MESSENGER_CLAIM_RENEWAL = 15.0, 5.0  # a lease: it frees an event whose worker has died
MESSENGER_INTEREST = 1.0  # that an answer waits for the "seen" marker to be sent
MESSENGER_DELAY_TOLD = 3.0  # by then the customer is told that the answer takes longer
MESSENGER_GIVEN_UP, OTHERS_ANSWERED = 600.0, 60.0  # an event that fails so long while others were answered so recently
MESSENGER_STOP = 5.0  # for events in progress when the server stops

# The desk, where people answer.
AGENT_LEASE, AGENT_HEARTBEAT = 30.0, 5.0  # a lease: it frees what an agent holds whose browser has died
PRESENCE = 30.0  # for so long an agent counts as present after the last sign of life
TYPING_SHOWN = 6.0  # after the last key
CONSOLE_PAGE = 10.0  # for a page of the console, which may compose answers
CONSOLE_LOOK = 0.2  # between two looks of a console for new events
SLOW_WORK = 180.0  # for what a page of the console has worked out in a process of its own, such as a preview
SPOKEN_ALOUD = 5.0  # for an answer to be spoken by espeak-ng
LOST_AGENTS_LOOK = 1.0  # between two looks for agents whose lease has expired
ALERTS_LOOK = 5.0  # between two looks for what staff must be alerted to
DIRECTORY = 5.0  # for a request to the company's directory
DESK_TRANSACTION = 5.0  # of a server that vanished in the middle, which would stop the desk's other events
FIGURES_LOOK = 10.0  # between two looks for what the figures must count, sum and compare
ALERT_SENDING = 10.0  # to a webhook or a mail server
CHATWOOT_CONNECT, CHATWOOT_ANSWER = 2.0, 5.0  # the latter between two bytes
CHATWOOT_LATE = 15.0  # that Chatwoot may still carry out what it did not answer (RACK_TIMEOUT_SERVICE_TIMEOUT)
CHATWOOT_CLAIM = 60.0  # a lease: it frees what a worker had taken to tell Chatwoot that has died
CHATWOOT_WEBHOOK = 3.0  # for storing what a webhook says
CHATWOOT_GIVES_UP = 5.0  # Chatwoot's own deadline (WEBHOOK_TIMEOUT), after which the agent's message counts as failed

# HTTP connections, starts and stops.
HTTP_REQUEST = 15  # for a whole request to arrive
METRICS_CONNECTION = 10.0  # of Prometheus, up to the response's last byte; equals its default `scrape_timeout`
HTTP_KEEP_ALIVE = 75  # longer than nginx keeps a connection to us, so that we never close one it is using
ACTION_CONNECTION_IDLE = 15.0  # that the Rasa server keeps an idle connection to the action server
RASA_API_RESPONSE = 3600  # training takes its time
READINESS_PART, READINESS_LOOK = 1.5, 1.8  # of one part, and of all, which are checked concurrently
PROBE = 3.0  # a container's readiness probe
SUPERVISOR_PROBE = 5.0
SERVERS_READY = 120.0
ACTIONS_AWAITED = 60.0  # by a Rasa server that starts; after this it starts without them, and apologises
GRACEFUL_STOP = 5  # on SIGTERM, for requests in progress to finish
KILL = 8.0  # after SIGTERM

# Commands.
BACKUP_LOCK = 10  # for the transactions of servers that still run
AUDIT = 600
DEMO_CODE = 5.0  # for a code of `bot phone demo` to arrive
SCHEDULER_CONNECT = 10  # of `bot calls`, to a cluster

# (shorter deadline, longer deadline, why)
RELATIONS = (
    (DATABASE_LOCK, DATABASE_STATEMENT, "A statement that waits for a lock fails as locked, not as slow."),
    (DATABASE_STATEMENT, ACTION, "An action still has time to say that the database failed."),
    (DATABASE_WORK, ACTION, "An action still has time to say that the database failed."),
    (DATABASE_CONNECT, ACTION, "An action still has time to say that the database is gone."),
    (BILLING_READ, ACTION, "An action still has time to say that the billing system is slow."),
    (LAST_KNOWN, DATABASE_STATEMENT, "Code that does without the database gives up before it would answer late."),
    (ACTION, TURN, "A turn still has time to compose the apology of an action that failed."),
    (TOPICS_READ, TURN, "A message is answered while the examples of many topics are read."),
    (2 * REDIS_CONNECT + REDIS_ANSWER, TURN, "A turn ends by itself when Redis is gone, after one retry to connect."),
    (TURN + APOLOGY_LANGUAGE, CUSTOMER_HEARS, "An apology arrives before the customer's patience is over."),
    (SIGN_IN, CUSTOMER_HEARS, "Signing in is answered as a turn is."),
    (CUSTOMER_HEARS, CONVERSATION_LOCK, "No other turn of a conversation begins while one is answered."),
    (ACTION, ACTION_REQUEST, "The action server itself reports an action that hangs, before the request is lost."),
    (TURN, ACTION_REQUEST, "The Rasa server has given up a turn before its request to the action server times out."),
    (
        CONVERSATION_LOCK,
        CONVERSATION_WAIT,
        "The next turn of a conversation that a killed server had locked gets the lock.",
    ),
    (
        CONVERSATION_LOCK,
        UNFINISHED_TURN,
        "A message is not answered again while its first turn can still have the lock.",
    ),
    (UNFINISHED_TURN + CUSTOMER_HEARS, HTTP_RESPONSE, "A retried message waits for the first one's answer."),
    (MESSENGER_CLAIM_RENEWAL, MESSENGER_CLAIM / 2, "A live worker keeps its claim, even if one renewal fails."),
    (CUSTOMER_HEARS, MESSENGER_CLAIM, "A turn ends while its worker holds the claim."),
    (3 * AGENT_HEARTBEAT, AGENT_LEASE, "An agent keeps a conversation when two heartbeats are lost."),
    (DATABASE_STATEMENT, DESK_TRANSACTION, "A statement ends before its transaction is given up."),
    (
        6 * (CHATWOOT_CONNECT + CHATWOOT_ANSWER) + CHATWOOT_LATE,
        CHATWOOT_CLAIM,
        "Nobody begins to tell what a worker, dead or not, is telling and what can still arrive.",
    ),
    (DATABASE_STATEMENT, CHATWOOT_WEBHOOK, "A webhook still hears that the database failed."),
    (CHATWOOT_WEBHOOK, CHATWOOT_GIVES_UP, "Chatwoot hears an answer."),
    (GRAPH_CONNECT, GRAPH_REQUEST, "Connecting is a part of the request."),
    (ACTION_CONNECTION_IDLE, HTTP_KEEP_ALIVE, "No connection is used while the action server closes it."),
    (READINESS_PART, READINESS_LOOK, "A part can report itself what is wrong with it."),
    (READINESS_LOOK, PROBE, "A probe hears which part is not ready."),
    (READINESS_LOOK, SUPERVISOR_PROBE, "The supervisor hears which part is not ready."),
    (ACTIONS_AWAITED, SERVERS_READY, "A Rasa server that waits for the actions can still get ready in time."),
    (CUSTOMER_HEARS, GRACEFUL_STOP, "A turn in progress is answered before its server stops."),
    (GRACEFUL_STOP, KILL, "A server that stops by itself is not killed."),
)

if _broken := [because for shorter, longer, because in RELATIONS if not shorter < longer]:
    raise ValueError(f"Deadlines contradict each other: {' '.join(_broken)}")
