"""Names of what the pipeline adds to a parse result. Light to import: the action server reads them too."""

LANGUAGE = "language"  # {"code": lv | en | other, "confidence": 0–1, "decided": bool}
OTHER = "other"
PROBLEM = "input_problem"  # "empty" | "too_long" | "no_words"
QUESTIONS = "questions"  # two questions in one message: [{"intent", "confidence", "start", "end"}], in their order
DANGER = "report_danger"  # the intent that comes before everything else
