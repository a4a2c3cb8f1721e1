"""Names of what the pipeline adds to a parse result. Light to import: the action server reads them too."""

LANGUAGE = "language"  # {"code": lv | en | other, "confidence": 0–1, "decided": bool}
OTHER = "other"
PROBLEM = "input_problem"  # "empty" | "too_long" | "no_words"
QUESTIONS = "questions"  # two questions in one message: [{"intent", "confidence", "start", "end"}], in their order
FALLBACK = "nlu_fallback"  # the intent of what was not understood surely enough
OUT_OF_SCOPE = "out_of_scope"  # the intent of what we know nothing of
DANGER = "report_danger"  # the intent that comes before everything else
