"""What a run of notebooks ends with, here and in the kit."""

AGREE, FAILED, USAGE, DIFFER = range(4)
CODES = ("exit code: 0 where every cell ran and every verdict is as published, with --as-of whatever the verdicts; 1 where a "
         "cell failed; 2 where what was asked cannot be done, and nothing ran; 3 where a verdict is another or missing, or a "
         "sentence of an unchanged chapter no longer holds; 130 where it was stopped (143 or 129 from outside)")
