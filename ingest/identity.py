"""Who an article is: canonical URLs and article ids.

Two addresses are one article when they differ only in what does not choose the article: scheme, `www.`, AMP and mobile
variants, tracking parameters, fragments, default ports, a trailing slash, the way Arabic letters are percent-encoded.
"""

import hashlib
import re
import unicodedata

from yarl import URL

_TRACKING_PREFIXES = ("utm_", "at_", "mc_", "pk_", "piwik_", "mtm_", "hsa_", "_hs", "oly_", "vero_", "wt_", "wt.")
_TRACKING_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid igshid igsh mkt_tok ncid cmpid cmp icid ocid "
    "ns_mchannel ns_source ns_campaign ns_linkname ns_fee s_cid sr_share ref_src ref_url __twitter_impression "
    "fb_action_ids fb_action_types spm share trk feature rss_source xtor"
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
_MAYBE_TRACKING = {
    "ref": ("rss", "feed", "home"),
    "source": ("rss", "feed"),
    "from": ("rss", "feed"),
    "traffic_source": ("rss",),
}
"""Parameters that choose the article on some sites: dropped only with these values."""
_AMP_PARAMETERS = frozenset({"amp", "amp_js_v", "usqp", "outputtype", "platform_amp"})
_HOST = re.compile(r"^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|[0-9a-f:.]+(?:%25\w+)?)$", re.ASCII)
_VARIANT_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"(?:/amp|/amp\.html|\.amp|\.amp\.html)$")
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(s/)?([^/]+\.[^/]+)(/.*)?$")


def clean_url(url: str) -> str:
    """The address without tracking parameters, fragment and default port, percent-encoded in one way; still opens.

    Returns:
        "" for what is no absolute http or https URL.
    """
    parsed = _parsed(url)
    return "" if parsed is None else str(_with_query(parsed, drop_amp=False))


def canonical_url(url: str) -> str:
    """The address by which an article is known: `clean_url`, and https, without `www.`, AMP, mobile and trailing slash.

    It says that two addresses are one article; it need not open in a browser. Applying it again changes nothing.

    Returns:
        "" for what is no absolute http or https URL.
    """
    parsed = _parsed(url)
    if parsed is None:
        return ""
    parsed = _with_query(_out_of_amp_cache(parsed), drop_amp=True)
    host = parsed.raw_host or ""
    while (shorter := _VARIANT_HOST.sub("", host)) != host:
        host = shorter
    path = parsed.raw_path
    while (shorter := _without_amp(path)) != path:
        path = shorter
    query = "&".join(sorted(part for part in parsed.raw_query_string.split("&") if part))
    port = "" if parsed.port in (80, 443, None) else f":{parsed.port}"
    return f"https://{_bracketed(host)}{port}{path}" + (f"?{query}" if query else "")


def article_id(url: str, feed_id: str, entry_id: str) -> str:
    """20 hex digits: of the canonical URL, or of feed id and entry id where the entry has no URL of its own.

    The address of a front page ("https://outlet/") names no article.
    """
    canonical = canonical_url(url)
    if canonical and not re.fullmatch(r"https://[^/]*/?", canonical):
        return _digest("url", canonical)
    return _digest("entry", feed_id, entry_id.strip())


def fingerprint(*parts: str) -> str:
    """12 hex digits that change when one of the parts does; white space does not count."""
    return _digest(*(" ".join(part.split()) for part in parts))[:12]


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _parsed(url: str) -> URL | None:
    try:
        parsed = URL(unicodedata.normalize("NFC", url.strip())).with_fragment(None)
        usable = parsed.scheme in ("http", "https") and bool(_HOST.match(parsed.raw_host or "")) and bool(parsed.host)
    except (ValueError, IndexError):  # a port out of range, an unclosed bracket, a host that IDNA refuses
        return None
    return parsed if usable else None


def _with_query(url: URL, *, drop_amp: bool) -> URL:
    kept = [part for part in url.raw_query_string.split("&") if part and not _is_tracking(part, drop_amp)]
    authority = _bracketed(url.raw_host or "") + ("" if url.is_default_port() else f":{url.port}")
    # Built from the parts as they stand: yarl would decode bytes that are no UTF-8 (windows-1256 in old query strings).
    return URL.build(
        scheme=url.scheme, authority=authority, path=url.raw_path, query_string="&".join(kept), encoded=True
    )


def _is_tracking(part: str, drop_amp: bool) -> bool:
    name, _, value = part.lower().partition("=")
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if drop_amp and name in _AMP_PARAMETERS:
        return True
    return value in _MAYBE_TRACKING.get(name, ())


def _out_of_amp_cache(url: URL) -> URL:
    """`www.google.com/amp/s/host/path` and `host.cdn.ampproject.org/c/s/host/path` → `https://host/path`."""
    host, path = url.raw_host or "", url.raw_path
    if host in ("www.google.com", "google.com") and path.startswith("/amp/"):
        found = _AMP_CACHE.match(path.removeprefix("/amp"))
    elif host.endswith(".cdn.ampproject.org"):
        found = _AMP_CACHE.match(path)
    else:
        return url
    if not found:
        return url
    return URL.build(
        scheme="https", authority=found[2], path=found[3] or "/", query_string=url.raw_query_string, encoded=True
    )


def _without_amp(path: str) -> str:
    path = path.rstrip("/")
    path = path.removeprefix("/amp") if path.startswith("/amp/") else path
    return _AMP_PATH.sub("", path)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
