"""The log of a writer: complete, in order, and any change to it is noticed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api.decisions import log
from api.decisions.index import Index
from api.decisions.reader import Reader
from api.decisions.records import BrokenRecordError, read, seal
from api.decisions.verify import BrokenChainError, verify
from api.decisions.writer import Writer
from api.errors import KeyReusedError
from tests.unit.api.decisions.conftest import (
    NOON,
    decision,
    review,
    ticking,
    write_all,
)


def only_log(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


def test_a_record_comes_back_exactly() -> None:
    record = decision("it's \n\u2028 😀\x00" + "x" * 10_000)
    line = seal(record)
    assert line.count(b"\n") == 1
    again = read(line)
    assert again == record
    assert again.score == 500.1
    assert again.points == {"recency_days": 1e-17}


@pytest.mark.parametrize("byte", [0, 5, 300, -3, -40])
def test_a_record_with_another_byte_is_broken(byte: int) -> None:
    line = bytearray(seal(decision()).removesuffix(b"\n"))
    line[byte] ^= 1
    with pytest.raises(BrokenRecordError):
        read(bytes(line))


def test_records_of_a_moment_are_one_chain(tmp_path: Path) -> None:
    records = [decision(str(number)) for number in range(50)]
    written = write_all(tmp_path, records)
    assert written == records
    lines = only_log(tmp_path).read_bytes().splitlines()
    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        record = read(line)
        assert (record.sequence, record.previous_hash) == (number, previous)
        previous = record.record_hash
    assert str(verify(tmp_path)) == (
        "50 records in 1 logs, every chain is whole (0 torn last lines ignored)"
    )


def test_each_writer_has_a_log_of_its_own(tmp_path: Path) -> None:
    for number in range(3):
        write_all(tmp_path, [decision(str(number))])
    assert len(log.writers_in(tmp_path)) == 3
    assert verify(tmp_path).records == 3


def test_time_goes_forward_when_the_clock_goes_back(tmp_path: Path) -> None:
    backwards = ticking(NOON, -timedelta(milliseconds=1))
    records = write_all(tmp_path, [decision() for _ in range(5)], backwards)
    times = [record.recorded_at for record in records]
    assert times == sorted(set(times))
    assert verify(tmp_path).records == 5


def test_a_review_is_later_than_its_decision_whoever_writes_it(tmp_path: Path) -> None:
    first = decision()
    write_all(tmp_path, [first], lambda: NOON)
    day_before = NOON - timedelta(days=1)
    (later,) = write_all(tmp_path, [review(first.decision_id)], lambda: day_before)
    assert later.recorded_at > first.recorded_at


def damage_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def take_out_a_line(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[2:]))


def swap_lines(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))


def forge_a_line(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    record = read(lines[1])
    record.actor = "somebody else"
    path.write_bytes(b"".join([lines[0], seal(record), *lines[2:]]))


def cut_the_end(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def tear_the_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


@pytest.mark.parametrize(
    ("damage", "first_broken"),
    [
        (damage_byte, 3),
        (take_out_a_line, 2),
        (swap_lines, 2),
        (forge_a_line, 3),
        (cut_the_end, 5),
        (tear_the_end, 5),
        (lambda path: path.rename(path.with_name("other.jsonl")), None),
    ],
)
def test_the_first_broken_record_is_named(
    tmp_path: Path, damage: Callable[[Path], None], first_broken: int | None
) -> None:
    write_all(tmp_path, [decision() for _ in range(5)])
    path = only_log(tmp_path)
    damage(path)
    named = f"{path.name}, record {first_broken}" if first_broken else "is gone"
    with pytest.raises(BrokenChainError, match=named):
        verify(tmp_path)


def test_a_torn_last_line_is_ignored_and_counted(tmp_path: Path) -> None:
    write_all(tmp_path, [decision("1"), decision("2")])
    with only_log(tmp_path).open("ab") as file:
        file.write(seal(decision("3"))[:100])
    assert str(verify(tmp_path)) == (
        "2 records in 1 logs, every chain is whole (1 torn last lines ignored)"
    )
    write_all(tmp_path, [decision("4")])
    assert verify(tmp_path).records == 3


def test_what_a_killed_writer_did_not_note_is_found_by_the_next(tmp_path: Path) -> None:
    """The kill comes between the flush of the log and the commit of the index."""
    write_all(tmp_path, [decision("1", key="k1")])
    path = only_log(tmp_path)
    last = read(path.read_bytes())
    unnoted = decision("2", key="k2")
    unnoted.writer, unnoted.sequence = last.writer, 2
    unnoted.recorded_at, unnoted.previous_hash = "2999", last.record_hash
    with path.open("ab") as file:
        file.write(seal(unnoted) + b'{"kind":"dec')
    again = decision("2", key="k2")
    (answer,) = write_all(tmp_path, [again])
    assert answer == unnoted
    reader = Reader(tmp_path)
    assert reader.decision(unnoted.decision_id) == unnoted
    assert reader.decision(again.decision_id) is None


def test_what_a_killed_writer_did_not_note_is_found_by_one_that_runs(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        killed, running = Writer(tmp_path), Writer(tmp_path)
        killed.start()
        running.start()
        last = await killed.write(decision("1"))
        await running.write(decision("1"))
        killed.stop()
        unnoted = decision("2", key="k2")
        unnoted.writer, unnoted.sequence = last.writer, 2
        unnoted.recorded_at, unnoted.previous_hash = "2999", last.record_hash
        with log.path_of(tmp_path, last.writer).open("ab") as file:
            file.write(seal(unnoted))
        assert await running.write(decision("2", key="k2")) == unnoted
        running.stop()

    asyncio.run(work())


def test_the_index_is_made_again_from_the_logs(tmp_path: Path) -> None:
    decisions = [decision("c", key=str(number)) for number in range(3)]
    write_all(tmp_path, decisions)
    write_all(tmp_path, [review(decisions[0].decision_id, "decline")])
    for path in tmp_path.glob("index.sqlite*"):
        path.unlink()
    again = decision("c", key="1")
    assert write_all(tmp_path, [again]) == [decisions[1]]
    reader = Reader(tmp_path)
    ids = [record.decision_id for record in decisions]
    assert reader.of_customer("c", after="", limit=9) == ids[::-1]
    assert reader.awaiting_review(after="", limit=9) == ids[1:]
    assert [reader.decision(decision_id) for decision_id in ids] == decisions
    assert reader.reviews(decisions[0].decision_id)[0].outcome == "decline"
    assert verify(tmp_path).records == 4


def test_an_index_that_is_removed_under_a_running_writer_is_made_again(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        writer = Writer(tmp_path)
        writer.start()
        reader = Reader(tmp_path)
        first, second = decision(key="1"), decision(key="2")
        await writer.write(first)
        assert reader.decision(first.decision_id) == first
        for path in tmp_path.glob("index.sqlite*"):
            path.unlink()
        await writer.write(second)
        assert reader.decision(first.decision_id) == first
        assert reader.decision(second.decision_id) == second
        writer.stop()

    asyncio.run(work())
    assert verify(tmp_path).records == 2


def test_one_key_is_one_record_and_one_request(tmp_path: Path) -> None:
    first, same, other = decision(key="k"), decision(key="k"), decision("d", key="k")

    async def write() -> None:
        writer = Writer(tmp_path)
        writer.start()
        answers = await asyncio.gather(writer.write(first), writer.write(same))
        assert answers == [first, first]
        with pytest.raises(KeyReusedError):
            await writer.write(other)
        writer.stop()

    asyncio.run(write())
    assert verify(tmp_path).records == 1
    # Keys of another caller are others.
    of_another = decision("d", key="k")
    of_another.actor = "shop"
    assert write_all(tmp_path, [of_another]) == [of_another]


def test_verify_changes_no_byte_of_an_index(tmp_path: Path) -> None:
    """An auditor may verify a copy that is read-only."""
    write_all(tmp_path, [decision()])
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Index, "__init__", forbidden)
        assert verify(tmp_path).records == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def forbidden(*_: object) -> None:
    pytest.fail("an index was opened to be written")


@pytest.mark.parametrize(
    ("content", "is_damaged"), [(b"not a database" * 99, True), (b"", False)]
)
def test_only_a_damaged_index_is_to_be_removed(
    tmp_path: Path, content: bytes, is_damaged: bool
) -> None:
    write_all(tmp_path, [decision()])
    (tmp_path / "index.sqlite").write_bytes(content)
    with pytest.raises(BrokenChainError, match="cannot be read") as caught:
        verify(tmp_path)
    assert ("remove it" in str(caught.value)) is is_damaged


def test_others_cannot_read_what_is_about_customers(tmp_path: Path) -> None:
    folder = tmp_path / "decisions"

    async def modes() -> dict[str, int]:
        writer = Writer(folder)
        writer.start()
        try:
            await writer.write(decision())
            paths = [folder, *folder.glob("index*"), *folder.glob("*.jsonl")]
            return {path.name: path.stat().st_mode & 0o7 for path in paths}
        finally:
            writer.stop()

    found = asyncio.run(modes())
    assert {"decisions", "index.sqlite", "index.sqlite-wal"} <= found.keys()
    assert set(found.values()) == {0}
