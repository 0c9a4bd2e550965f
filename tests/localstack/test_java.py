"""Finding Java, in made-up folders."""

from pathlib import Path

import pytest

from rasid.localstack import java
from rasid.localstack.java import ELASTICSEARCH, ELASTICSEARCH_MODULES, KAFKA, Java

WHOLE = "java.base java.logging jdk.jlink"


def make(home: Path, version: str, modules: str = WHOLE, release: bool = True, script: str = "exit 1") -> Path:
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    if release:
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\nMODULES="{modules}"\n')
    return home


def find(tmp_path: Path, environ: dict[str, str] | None = None, explicit: str = "", minimum: int = ELASTICSEARCH):
    modules = ELASTICSEARCH_MODULES if minimum == ELASTICSEARCH else frozenset()
    return java.find(minimum, modules, explicit, environ or {}, [tmp_path / "jvm"])


def test_the_newest_that_fits_is_taken(tmp_path):
    make(tmp_path / "jvm/a-17", "17.0.15")
    newest = make(tmp_path / "jvm/b-25", "25.0.3")
    make(tmp_path / "jvm/c-21", "21.0.1")
    assert find(tmp_path) == Java(newest, 25, frozenset(WHOLE.split()))


def test_kafka_is_content_with_17_without_all_modules(tmp_path):
    home = make(tmp_path / "jvm/a-17", "17.0.15", "java.base")
    assert find(tmp_path, minimum=KAFKA).home == home


def test_a_java_without_jlink_is_passed_over_for_elasticsearch_and_the_sentence_says_why(tmp_path):
    make(tmp_path / "jvm/cut", "25.0.3", "java.base java.logging")
    sentence = find(tmp_path)
    assert "without the module jdk.jlink" in sentence
    assert "RASID_JAVA_HOME" in sentence
    assert "Debian" in sentence


def test_an_old_java_alone_is_named_in_the_sentence(tmp_path):
    make(tmp_path / "jvm/a-17", "17.0.15")
    assert f"{tmp_path / 'jvm/a-17'} is Java 17" in find(tmp_path)


def test_no_java_at_all_is_said(tmp_path):
    assert "no Java at all" in find(tmp_path)


def test_a_fitting_java_home_comes_before_a_newer_one(tmp_path):
    make(tmp_path / "jvm/b-25", "25.0.3")
    mine = make(tmp_path / "mine", "21.0.1")
    assert find(tmp_path, {"JAVA_HOME": str(mine)}).home == mine


@pytest.mark.parametrize("place", ["old", "absent"])
def test_a_java_home_that_does_not_fit_is_passed_over(tmp_path, place):
    newer = make(tmp_path / "jvm/b-25", "25.0.3")
    make(tmp_path / "old", "11.0.1")
    assert find(tmp_path, {"JAVA_HOME": str(tmp_path / place)}).home == newer


def test_the_java_of_the_path_is_found_through_its_links(tmp_path):
    home = make(tmp_path / "far/jdk", "21.0.1")
    (tmp_path / "links").mkdir()
    (tmp_path / "links/java").symlink_to(home / "bin/java")
    assert find(tmp_path, {"PATH": str(tmp_path / "links")}).home == home


def test_an_explicit_java_is_taken_though_a_newer_one_is_there(tmp_path):
    make(tmp_path / "jvm/b-25", "25.0.3")
    mine = make(tmp_path / "mine", "21.0.1")
    assert find(tmp_path, explicit=str(mine)).home == mine


def test_an_explicit_java_that_does_not_fit_is_not_silently_replaced(tmp_path):
    make(tmp_path / "jvm/b-25", "25.0.3")
    mine = make(tmp_path / "mine", "17.0.1")
    assert find(tmp_path, explicit=str(mine)) == (f"RASID_JAVA_HOME={mine} is Java 17, and Java 21 or newer is needed")
    assert "holds no bin/java" in find(tmp_path, explicit=str(tmp_path / "nowhere"))


def test_without_a_release_file_java_itself_is_asked(tmp_path):
    home = make(tmp_path / "jvm/x", "", release=False, script="echo java.base@21.0.2; echo jdk.jlink@21.0.2")
    assert find(tmp_path) == Java(home, 21, frozenset({"java.base", "jdk.jlink"}))


def test_a_java_that_does_not_run_is_none(tmp_path):
    home = make(tmp_path / "jvm/x", "", release=False)
    assert java.inspect(home) is None
    assert java.inspect(tmp_path) is None


def test_the_old_way_of_counting_versions_is_read(tmp_path):
    assert java.inspect(make(tmp_path / "x", "1.8.0_412")).version == 8


def test_one_java_under_two_names_is_listed_once(tmp_path):
    home = make(tmp_path / "jvm/x-21", "21.0.1")
    (tmp_path / "jvm/default").symlink_to(home)
    assert len(java.installed({}, [tmp_path / "jvm"])) == 1
