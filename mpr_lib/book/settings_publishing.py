"""Settings of publishing: who is told of a run, what the public edition leaves out, where the archive stands."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

WHEN = ("success", "failure")


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("Expected an address that begins with https:// or http://")
    return text


Address = Annotated[str, AfterValidator(_address)]


class Strict(BaseModel):
    """Settings that refuse what they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(Strict):
    """The licence of the open data, as a data package names it: ``OGL-UK-3.0``, its title, its address."""

    name: str
    title: str = ""
    path: Address = ""


class PublicEdition(Strict):
    """``public``: what the edition of ``mpr run --public`` leaves out beside what is marked ``public: false``."""

    officers: bool = True


class Webhook(Strict):
    """A web address that is sent a JSON text. An address that is itself a secret comes from MPR_WEBHOOK_URL."""

    url: Address = ""
    when: list[Literal["success", "failure"]] = list(WHEN)


class Mail(Strict):
    """A mail server and who is written to. A password comes from MPR_SMTP_PASSWORD."""

    server: str
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str
    to: list[str] = Field(min_length=1)
    when: list[Literal["success", "failure"]] = list(WHEN)

    @model_validator(mode="after")
    def _one_line(self):
        if any("\n" in text or "\r" in text or "@" not in text for text in [self.sender, *self.to]):
            raise ValueError("Expected mail addresses such as performance@council.gov.uk")
        return self


class Notify(Strict):
    """``notify``: who is told when a run has ended, and where readers find the report."""

    report_url: Address = ""
    webhook: Webhook | None = None
    mail: Mail | None = None
