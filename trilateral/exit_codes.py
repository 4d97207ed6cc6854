"""What a run of notebooks ends with, here and in the kit."""

AGREE, FAILED, USAGE, DIFFER = range(4)
MEANING = {
    AGREE: "every cell ran and every verdict is as published, with --as-of whatever the verdicts",
    FAILED: "a cell failed; one that says itself that it has too little to go on, where something was changed, has not",
    USAGE: "what was asked cannot be done, and nothing ran; the message says what can",
    DIFFER: "a verdict is another or missing, or a sentence of an unchanged chapter no longer holds",
    130: "it was stopped; 143 or 129 where another program stopped it",
}
CODES = ["exit code:", *(f"{code}: {meaning}" for code, meaning in MEANING.items())]
