"""What was expected, and whether it came."""


class Report:
    """Counts what was expected and came, or did not."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def expect(self, what: str, actual: object, expected: object) -> None:
        self._note(actual == expected, what, actual, expected)

    def expect_sentence(self, what: str, actual: object, *parts: str) -> None:
        text = " ".join(actual) if isinstance(actual, list) else str(actual)
        self._note(all(part in text for part in parts), what, text, " … ".join(parts))

    def _note(self, holds: bool, what: str, actual: object, expected: object) -> None:
        if holds:
            self.passed += 1
            print(f"ok   {what}")
        else:
            self.failed += 1
            print(f"FAIL {what}\n     expected {expected}\n     but got  {actual}")
