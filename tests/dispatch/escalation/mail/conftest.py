"""The city's mail server and mailbox, each real, with a certificate that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.escalation.channel import ChannelSettings
from tests.conftest import StillClock
from tests.dispatch.forms.made import SENT_AT
from tests.mail_servers import (
    HOST,
    PASSWORD,
    USER,
    Box,
    Post,
    certificate,
    imap_server,
    server_tls,
    smtp_server,
)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def smtp(papers: tuple[Path, Path]) -> Iterator[tuple[Post, int]]:
    with smtp_server(starttls=server_tls(papers)) as running:
        yield running


@pytest.fixture
def post(smtp: tuple[Post, int]) -> Post:
    return smtp[0]


@pytest.fixture
def imap(papers: tuple[Path, Path]) -> Iterator[tuple[Box, int]]:
    with imap_server(server_tls(papers)) as running:
        yield running


@pytest.fixture
def box(imap: tuple[Box, int]) -> Box:
    return imap[0]


@pytest.fixture
def settings(
    smtp: tuple[Post, int], imap: tuple[Box, int], papers: tuple[Path, Path], tmp_path: Path, zone: ZoneInfo
) -> ChannelSettings:
    """A live city's."""
    return ChannelSettings(
        is_exercise=False,
        zone=zone,
        clock=StillClock(SENT_AT),
        data_dir=tmp_path,
        values={
            "smtp_host": HOST,
            "smtp_port": str(smtp[1]),
            "smtp_user": USER,
            "mail_from": "eoc@stpete.example",
            "mail_to": "M. Diaz <m.diaz@pinellas.example>, duty@fire.example",
            "mail_ca_file": str(papers[0]),
            "imap_host": HOST,
            "imap_port": str(imap[1]),
            "imap_user": USER,
            "imap_every_s": "0",
        },
        secret={"email_password": PASSWORD, "imap_password": PASSWORD}.__getitem__,
    )
