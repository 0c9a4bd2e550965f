"""Fetching over HTTP: polite (per-host gap), bounded (bytes, time, redirects) and closed to private networks."""

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from rasid.errors import Retry
from rasid.settings import Settings

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
PER_HOST = 2
"""Requests under way at a time to one host."""
_CHUNK = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchFailed(Retry):
    """A document could not be fetched; the message is the reason, for people."""


@dataclass(frozen=True)
class Fetched:
    """An answer.

    Attributes:
        status: HTTP status of the last answer.
        url: where the last answer came from, after redirects.
        headers: names in lower case.
        body: unpacked (gzip, deflate); b"" for any status but 2xx.
        permanent_redirect: the new address, where every redirect was a 301 or 308; else "".
    """

    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    permanent_redirect: str = ""


def is_public(address: str) -> bool:
    """The IP address belongs to the public internet: not loopback, private, link-local, multicast, or one in disguise."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _GuardedResolver(AbstractResolver):
    """Refuses a name when any of its addresses is private: what it returns is what the connector connects to."""

    def __init__(self, allowed: Collection[str], inner: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._inner = inner or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if f"{host}:{port}" not in self._allowed:
            for one in found:
                _refuse_private(one["host"], f"{host} ({one['host']})", port)
        return found

    async def close(self) -> None:
        await self._inner.close()


class _Host:
    """Courtesy towards one host."""

    def __init__(self) -> None:
        self.slots = asyncio.Semaphore(PER_HOST)
        self.next_start = 0.0


class Fetcher:
    """Fetches documents over one session. Use as `async with Fetcher(...) as fetcher`.

    Args:
        user_agent: sent with every request.
        allow_private: `host:port` that may be fetched though the address is private; no gap is kept there.
        timeout: seconds for one request from connecting to the last byte; each redirect is one, waiting for a turn is none.
        concurrency: requests under way at a time, over all hosts.
        host_gap: seconds between the starts of two requests to one host.
        resolver: instead of the system's, for tests.
    """

    def __init__(
        self,
        user_agent: str = "Rasid",
        allow_private: Collection[str] = (),
        timeout: float = 30.0,
        concurrency: int = 16,
        host_gap: float = 5.0,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._agent = user_agent
        self._allowed = frozenset(allow_private)
        self._timeout = timeout
        self._slots = asyncio.Semaphore(concurrency)
        self._gap = host_gap
        self._hosts: dict[str, _Host] = {}
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Fetcher":
        """A fetcher as the settings say."""
        return cls(
            user_agent=settings.user_agent,
            allow_private=settings.allow_private,
            timeout=settings.fetch_timeout,
            concurrency=settings.poll_concurrency,
            host_gap=settings.poll_host_gap,
        )

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=_GuardedResolver(self._allowed, self._resolver), limit=0, ttl_dns_cache=60
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,  # unpacked here, so that a bomb is seen while it unpacks
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(
        self, url: str, etag: str = "", last_modified: str = "", max_bytes: int = 10_000_000, accept: str = "*/*"
    ) -> Fetched:
        """Fetches a document, conditionally where validators are given (they are sent byte for byte).

        Args:
            url: http or https.
            max_bytes: largest body, unpacked; a larger one is not read further.
            accept: Accept header.

        Raises:
            FetchFailed: no answer could be had; the message says why. Statuses such as 404 are answers, not errors.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        here, permanent = _usable(url), True
        for hop in range(MAX_REDIRECTS + 1):
            answer = await self._turn(here, headers, max_bytes)
            location = answer.headers.get("location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                moved = answer.url if hop and permanent else ""
                return Fetched(answer.status, answer.url, answer.headers, answer.body, moved)
            permanent = permanent and answer.status in (301, 308)
            here = _usable(location, base=here)
        raise FetchFailed(f"more than {MAX_REDIRECTS} redirects, the last one to {here}")

    async def _turn(self, url: URL, headers: Mapping[str, str], max_bytes: int) -> Fetched:
        """One request in its turn: the host's gap first, so that a waiting request takes no global slot."""
        name = f"{url.host}:{url.port}"
        if name not in self._allowed:
            _refuse_literal(url)
        host = self._hosts.setdefault(url.host or "", _Host())
        async with host.slots:
            if name not in self._allowed:
                await self._keep_gap(host)
            async with self._slots:
                try:
                    async with asyncio.timeout(self._timeout):
                        return await self._request(url, headers, max_bytes)
                except TimeoutError as error:
                    raise FetchFailed(f"{url.host} took longer than {self._timeout:g} seconds") from error
                except aiohttp.ClientError as error:
                    raise FetchFailed(_reason(error, url)) from error
                except (OSError, ValueError) as error:
                    raise FetchFailed(f"{url.host}: {error}") from error

    async def _keep_gap(self, host: _Host) -> None:
        now = asyncio.get_running_loop().time()
        start = max(now, host.next_start)
        host.next_start = start + self._gap
        if start > now:
            await asyncio.sleep(start - now)

    async def _request(self, url: URL, headers: Mapping[str, str], max_bytes: int) -> Fetched:
        if self._session is None:
            raise RuntimeError("use the fetcher as `async with`")
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            got = {name.lower(): value for name, value in answer.headers.items()}
            body = b""
            if 200 <= answer.status < 300:
                body = await _read(answer.content.iter_chunked(_CHUNK), got.get("content-encoding", ""), max_bytes)
            else:
                answer.close()  # the body is of no use: not read, and the connection is not used again
            return Fetched(answer.status, str(url), got, body)


def _usable(address: str, base: URL | None = None) -> URL:
    try:
        url = base.join(URL(address)) if base is not None else URL(address.strip())
        usable = url.scheme in ("http", "https") and bool(url.host)
    except (ValueError, IndexError) as error:
        raise FetchFailed(f"{address[:200]!r} is no URL: {error}") from error
    if not usable:
        raise FetchFailed(f"{address[:200]!r}: only http and https URLs are fetched")
    return url.with_fragment(None)


def _refuse_private(address: str, shown: str, port: int | None) -> None:
    if not is_public(address):
        raise FetchFailed(
            f"{shown} is a private address; to poll it all the same, put its host:{port} into RASID_ALLOW_PRIVATE"
        )


def _refuse_literal(url: URL) -> None:
    """A host that is an IP address never reaches the resolver."""
    host = url.host or ""
    try:
        ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return
    _refuse_private(host, host, url.port)


class _Unpacker:
    """Unpacks gzip or deflate piece by piece, never more than asked for at a time."""

    def __init__(self, encoding: str) -> None:
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise FetchFailed(f"the answer is packed with {encoding!r}, which was not asked for")
        self._encoding = encoding
        self._stream: zlib._Decompress | None = None

    def unpack(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """(at most `most` unpacked bytes, what is left of `data`)."""
        if self._stream is None or self._stream.eof:  # gzip files may stand one after the other
            # "deflate" is sent with and without the zlib header; with it, the low half of the first byte is 8.
            raw = self._encoding == "deflate" and data[0] & 0x0F != 8
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS if raw else 32 + zlib.MAX_WBITS)
        try:
            piece = self._stream.decompress(data, most)
        except zlib.error as error:
            raise FetchFailed(f"the {self._encoding} data are damaged: {error}") from error
        return piece, self._stream.unconsumed_tail or self._stream.unused_data.lstrip(b"\x00")

    @property
    def complete(self) -> bool:
        """The end of the packed data was seen (or there were none)."""
        return self._stream is None or self._stream.eof


async def _read(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """The unpacked body; stops as soon as it is too large."""
    encoding = encoding.strip().lower()
    unpacker = None if encoding in ("", "identity") else _Unpacker(encoding)
    body = bytearray()
    async for chunk in chunks:
        if unpacker is None:
            body += chunk
        while unpacker is not None and chunk and len(body) <= max_bytes:
            piece, chunk = unpacker.unpack(chunk, max_bytes + 1 - len(body))
            body += piece
        if len(body) > max_bytes:
            raise FetchFailed(f"larger than {max_bytes:,} bytes; it was not read further")
    if unpacker is not None and not unpacker.complete:
        raise FetchFailed(f"the {encoding} data end too early")
    return bytes(body)


def _reason(error: aiohttp.ClientError, url: URL) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"{url.host} has no address (DNS)"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {url.host} is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection to {url.host}:{url.port} ({error.strerror or error.os_error})"
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError):
        return f"{url.host} broke off in the middle of the answer"
    return f"{url.host}: {type(error).__name__}: {str(error)[:200]}"
