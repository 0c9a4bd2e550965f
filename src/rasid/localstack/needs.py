"""What the local servers need of a machine, and what of it is missing."""

import shutil

from rasid.errors import Fatal
from rasid.localstack import download, java
from rasid.localstack.place import cache_folder, passable, server_account
from rasid.settings import Settings


def missing(settings: Settings, kafka: bool | None = None, elasticsearch: bool | None = None) -> str:
    """What is missing for the local servers, as one sentence that says what to install; "" when all is there.

    Args:
        settings: a server that is named in them need not be started.
        kafka: whether Kafka is wanted; None: if the settings name none.
        elasticsearch: the same for Elasticsearch.
    """
    wants = (
        (not settings.kafka if kafka is None else kafka),
        (not settings.elasticsearch if elasticsearch is None else elasticsearch),
    )
    if not any(wants):
        return ""
    found = choose_java(settings, *wants)
    if isinstance(found, str):
        return f"{found}."
    try:
        if download.unpacked(cache_folder(settings)):
            return ""
    except Fatal as error:
        return f"{error}."
    if not download.POM.is_file():
        return f"{download.POM} is absent, so the local servers cannot be fetched: run Rasid from a checkout."
    if shutil.which("mvn") is None:
        return "Maven is needed once to fetch the local servers: install it (Debian: apt install maven)."
    return ""


def choose_java(settings: Settings, kafka: bool = True, elasticsearch: bool = True) -> java.Java | str:
    """The Java for the servers that are wanted, or the sentence that says why there is none."""
    if elasticsearch:
        found = java.find(java.ELASTICSEARCH, java.ELASTICSEARCH_MODULES, settings.java_home)
    else:
        found = java.find(java.KAFKA, explicit=settings.java_home)
    if isinstance(found, java.Java) and server_account() and not passable(found.home.resolve()):
        return (
            f"{found.home} is closed to other users, and root starts the servers as another: "
            f"name a Java in RASID_JAVA_HOME that all can reach"
        )
    return found
