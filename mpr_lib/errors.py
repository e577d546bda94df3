"""Errors that are written for people: each message stands alone and says what to do."""


class MprError(Exception):
    """Base of every error that this package raises on purpose."""


class ValueTextError(MprError):
    """A text that should hold a figure and cannot be read as one."""


class MonthTextError(MprError, ValueError):
    """A text that should name a month and cannot be read as one."""


class RuleError(MprError, ValueError):
    """Figures or words that a rule cannot be applied to."""


class InputError(MprError):
    """Input files that cannot be used at all: missing, misspelt, wrongly encoded.

    ``problems`` holds every message; the error itself shows the first five.
    """

    def __init__(self, problems):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__(first_five(self.problems))


class ParameterError(MprError):
    """A parameter that the notebook does not know, lacks, or cannot take."""


class CriticalFindings(MprError):
    """The checks found something that must not be published."""


class RunError(MprError):
    """A month's run that could not be finished."""


def first_five(messages) -> str:
    """Join messages by line, the first five and a count of the rest.

    >>> print(first_five(["one", "two"]))
    one
    two
    """
    shown = list(messages[:5])
    if len(messages) > 5:
        shown.append(f"… and {len(messages) - 5} more.")
    return "\n".join(shown)
