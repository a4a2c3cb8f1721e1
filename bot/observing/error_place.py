"""Where an error was raised, for logs: an exception's own message may quote what a customer wrote."""


def place_of(error: BaseException) -> str:
    """File and line of the innermost call, or "unknown place"."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
