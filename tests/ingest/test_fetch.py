"""Fetching from servers that mean well, and from others."""

import asyncio
import gzip
import socket
import zlib

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.fetch import Fetcher, FetchFailed, _Unpacker, is_public
from tests.ingest.conftest import Site

BODY = "<p>هدنة في السهل</p>".encode() * 50


class Names(AbstractResolver):
    """A DNS of our own; a name may have a new address at each question."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = {name.replace("_", "."): found for name, found in addresses.items()}
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
            for address in self.addresses[host]
        ]

    async def close(self) -> None:
        return


async def test_validators_go_back_byte_for_byte(site: Site, fetcher: Fetcher) -> None:
    etag, modified = 'W/"a, b"', "Wed, 25 Nov 2015 14:03:00 GMT"

    async def page(request: web.Request) -> web.Response:
        same = request.headers.get("If-None-Match") == etag and request.headers.get("If-Modified-Since") == modified
        return (
            web.Response(status=304)
            if same
            else web.Response(body=BODY, headers={"ETag": etag, "Last-Modified": modified})
        )

    site.pages["/rss"] = page
    first = await fetcher.fetch(site.url("/rss"))
    assert (first.status, first.body) == (200, BODY)
    again = await fetcher.fetch(site.url("/rss"), first.headers["etag"], first.headers["last-modified"])
    assert (again.status, again.body) == (304, b"")
    assert "Rasid tests" in site.asked[0].headers["User-Agent"]
    assert "If-None-Match" not in site.asked[0].headers


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:500]) + gzip.compress(BODY[500:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity", BODY),
    ],
)
async def test_packed_answers_are_unpacked(site: Site, fetcher: Fetcher, packing: str, body: bytes) -> None:
    site.pages["/x"] = {"body": body, "headers": {"Content-Encoding": packing}}
    assert (await fetcher.fetch(site.url("/x"))).body == BODY


@pytest.mark.parametrize(
    ("packing", "body", "reason"),
    [
        ("gzip", b"no gzip at all", "damaged"),
        ("gzip", gzip.compress(BODY)[:-20], "end too early"),
        ("br", BODY, "was not asked for"),
    ],
)
async def test_answers_that_cannot_be_unpacked_are_errors(
    site: Site, fetcher: Fetcher, packing: str, body: bytes, reason: str
) -> None:
    site.pages["/x"] = {"body": body, "headers": {"Content-Encoding": packing}}
    with pytest.raises(FetchFailed, match=reason):
        await fetcher.fetch(site.url("/x"))


async def test_a_large_page_is_not_read_further(site: Site, fetcher: Fetcher) -> None:
    sent = 0

    async def page(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(800):
            await answer.write(b"x" * 65_536)
            sent += 65_536
        return answer

    site.pages["/large"] = page
    with pytest.raises(FetchFailed, match="larger than 1,000,000 bytes"):
        await fetcher.fetch(site.url("/large"), max_bytes=1_000_000)
    assert sent < 20_000_000  # what fits into the buffers of two sockets


async def test_a_bomb_does_not_go_off(site: Site, fetcher: Fetcher) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    site.pages["/bomb"] = {"body": bomb, "headers": {"Content-Encoding": "gzip"}}
    assert len(bomb) < 1_000_000
    with pytest.raises(FetchFailed, match="larger than"):
        await fetcher.fetch(site.url("/bomb"), max_bytes=1_000_000)


def test_unpacking_gives_no_more_than_asked_for() -> None:
    """A bomb of 64 KB would fill 64 MB before a limit could be checked."""
    unpacker = _Unpacker("gzip")
    piece, rest = unpacker.unpack(gzip.compress(bytes(10_000_000)), 1000)
    assert len(piece) == 1000
    assert rest
    assert not unpacker.complete


async def test_the_limit_itself_is_allowed(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = BODY
    assert (await fetcher.fetch(site.url("/x"), max_bytes=len(BODY))).body == BODY
    with pytest.raises(FetchFailed):
        await fetcher.fetch(site.url("/x"), max_bytes=len(BODY) - 1)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "127.1", "0"])
async def test_private_hosts_are_refused_before_a_connection(site: Site, host: str) -> None:
    port = site.host.rpartition(":")[2]
    async with Fetcher(allow_private=["127.0.0.1:1"], timeout=5, host_gap=0) as strict:
        with pytest.raises(FetchFailed, match=r"private address|canonical IPv4|no URL"):
            await strict.fetch(f"http://{host}:{port}/x")
    assert not site.asked


async def test_a_name_is_refused_when_any_of_its_addresses_is_private(site: Site) -> None:
    names = Names(evil_example=["93.184.216.34", "127.0.0.1"])
    port = site.host.rpartition(":")[2]
    async with Fetcher(timeout=5, host_gap=0, resolver=names) as strict:
        with pytest.raises(FetchFailed, match="private address"):
            await strict.fetch(f"http://evil.example:{port}/x")
    assert names.asked == 1
    assert not site.asked


async def test_a_redirect_to_a_private_address_is_refused(site: Site, fetcher: Fetcher) -> None:
    for target in (
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:1/",
        "file:///etc/passwd",
        "http://[::1]:1/",
    ):
        site.pages["/x"] = {"status": 302, "headers": {"Location": target}}
        with pytest.raises(FetchFailed, match=r"private address|only http and https"):
            await fetcher.fetch(site.url("/x"))


async def test_redirects_are_followed_and_permanent_ones_are_told(site: Site, fetcher: Fetcher) -> None:
    site.pages["/new"] = BODY
    site.pages["/old"] = {"status": 301, "headers": {"Location": "/newer"}}
    site.pages["/newer"] = {"status": 308, "headers": {"Location": site.url("/new")}}
    site.pages["/mixed"] = {"status": 302, "headers": {"Location": "/newer"}}
    moved = await fetcher.fetch(site.url("/old"))
    assert (moved.body, moved.url, moved.permanent_redirect) == (BODY, site.url("/new"), site.url("/new"))
    assert (await fetcher.fetch(site.url("/mixed"))).permanent_redirect == ""
    assert (await fetcher.fetch(site.url("/new"))).permanent_redirect == ""


async def test_endless_redirects_end(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = {"status": 301, "headers": {"Location": "/x"}}
    with pytest.raises(FetchFailed, match="more than 5 redirects"):
        await fetcher.fetch(site.url("/x"))
    assert len(site.asked) == 6


async def test_a_slow_server_is_given_up(site: Site) -> None:
    released = asyncio.Event()

    async def page(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"<rss>")
        await released.wait()
        return answer

    site.pages["/slow"] = page
    async with Fetcher(allow_private=[site.host], timeout=0.3) as hasty:
        with pytest.raises(FetchFailed, match=r"took longer than 0.3 seconds"):
            await hasty.fetch(site.url("/slow"))
    released.set()


async def test_statuses_are_answers(site: Site, fetcher: Fetcher) -> None:
    site.pages["/x"] = {"status": 503, "headers": {"Retry-After": "120"}, "body": b"x" * 100}
    answer = await fetcher.fetch(site.url("/x"))
    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "120", b"")


async def test_what_cannot_be_fetched_has_a_reason(fetcher: Fetcher, unused_tcp_port_: int) -> None:
    with pytest.raises(FetchFailed, match="only http and https"):
        await fetcher.fetch("ftp://sahl.example/x")
    with pytest.raises(FetchFailed, match=r"no URL|only http"):
        await fetcher.fetch("http://[::1/")
    async with Fetcher(allow_private=[f"127.0.0.1:{unused_tcp_port_}"], timeout=5) as other:
        with pytest.raises(FetchFailed, match="no connection"):
            await other.fetch(f"http://127.0.0.1:{unused_tcp_port_}/")


@pytest.fixture
def unused_tcp_port_() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def test_starts_keep_their_distance_per_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gap is counted from start to start, for every address of the host; other hosts do not wait."""
    starts: list[tuple[str, float]] = []
    waits: list[float] = []
    loop = asyncio.get_running_loop()
    one = Fetcher(host_gap=5)

    async def request(url: object, *_rest: object) -> object:
        starts.append((str(url), loop.time()))
        raise ValueError("stop here")

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds))

    monkeypatch.setattr(one, "_request", request)
    monkeypatch.setattr("ingest.fetch.asyncio.sleep", sleep)
    for url in ("https://a.example/1", "https://a.example/2", "https://b.example/1", "http://a.example/3"):
        with pytest.raises(FetchFailed):
            await one.fetch(url)
    assert waits == [5, 10]


async def test_at_most_two_requests_to_a_host_are_under_way(site: Site, fetcher: Fetcher) -> None:
    now = most = 0
    both = asyncio.Event()

    async def page(_request: web.Request) -> web.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 2:
            both.set()
        await both.wait()
        now -= 1
        return web.Response(body=b"x")

    site.pages["/x"] = page
    await asyncio.gather(*(fetcher.fetch(site.url("/x")) for _ in range(6)))
    assert most == 2
