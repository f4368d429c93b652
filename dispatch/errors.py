"""Failures as sentences an operator can act on; translated once, at the border where they happen."""

from __future__ import annotations


class LandfallError(Exception):
    """Something went wrong that a person can do something about: str() is one clear sentence."""


class ServerUnreachable(LandfallError):
    """No answer from the 311 server: off, slow, or the line broke. Whether a write happened is unknown."""


class ServerFailed(LandfallError):
    """The server answered with a 5xx: it may heal by itself. Whether a write happened is unknown."""

    def __init__(self, sentence: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class ServerNonsense(LandfallError):
    """The answer was not what the protocol says (HTML, broken JSON, no list)."""


class ServerRefused(LandfallError):
    """The server said no for good (4xx); trying the same again will not help."""

    def __init__(self, sentence: str, *, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class RateLimited(LandfallError):
    """429: the budget of calls is used up."""

    def __init__(self, sentence: str, *, retry_after_s: float) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class ServerChallenges(RateLimited):
    """A web page instead of data: the protection of a server that is asked too fast, or a wrong address."""


class ServerForbids(ServerRefused):
    """403 on the list itself: we are shut out, and asking on makes it worse. Nobody asks for `hold_s`."""

    def __init__(self, sentence: str, *, hold_s: float) -> None:
        super().__init__(sentence, status=403)
        self.hold_s = hold_s


class ActRefused(LandfallError):
    """An operator's act cannot be done as things stand (claimed by somebody else, rule S13 …)."""


class NotAllowed(ActRefused):
    """The role of who sits here does not go so far."""


class StoreUnusable(LandfallError):
    """The database cannot be opened, read or written."""


class StoreUnreachable(StoreUnusable):
    """A shared database does not answer just now; whether a write happened is unknown."""


class ActKept(LandfallError):
    """The act waits at this seat for the database: it is done when that answers."""


class AlreadyDone(LandfallError):
    """An act with this id is done: its answer was lost, or it was sent twice."""


class SettingsBroken(LandfallError):
    """The settings file cannot be understood."""


class AlreadyRunning(LandfallError):
    """Another console holds this data folder."""


class ChannelFailed(LandfallError):
    """A hand-over could not be delivered by this channel; it is tried again, no sooner than it asks for."""

    def __init__(self, sentence: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class ChannelRefused(ChannelFailed):
    """This channel will not take the hand-over, however often it is tried."""


class FileNotWritten(LandfallError):
    """A file could not be put where a person wanted it; what stood there before is untouched."""


class BackupRefused(LandfallError):
    """A backup is damaged or does not fit where it is to go; nothing was changed."""


class MapFileBroken(LandfallError):
    """A map file that somebody brought cannot be shown."""


class TilesRefused(LandfallError):
    """A tile server's address cannot be used, or what it sends is no picture of a map."""


class TableRefused(LandfallError):
    """A table that somebody brought cannot be taken as it is."""


class LayerRefused(LandfallError):
    """A map layer that somebody brought cannot be taken as it is."""


class FeedRefused(LandfallError):
    """What a weather service sent, or somebody brought of it, cannot be used."""


class SnapshotBroken(LandfallError):
    """A kept snapshot cannot be read, or is not what was kept."""
