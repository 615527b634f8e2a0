"""The records of a CSV file, found one character at a time.

What landing does with a window function per file is here a loop that reads like the
rule: lines that a quote holds together are one record if the quote closes and the
record has the header's number of fields; else each line is a record by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_RECORD = 2_000_000


@dataclass(frozen=True)
class Fields:
    """What a text is, read as fields between commas.

    Attributes
    ----------
    values
        The fields, or None where quotes are broken or open.
    is_open
        Whether the text ends inside quotes.
    """

    values: tuple[str, ...] | None
    is_open: bool = False


def read_fields(text: str) -> Fields:
    """Return the fields of a record.

    Examples
    --------
    >>> read_fields('a, "b,c""d" ,e"f').values
    ('a', 'b,c"d', 'e"f')
    >>> read_fields('a,"b')
    Fields(values=None, is_open=True)
    >>> read_fields('"a"b')
    Fields(values=None, is_open=False)
    """
    values = []
    place = 0
    while True:
        start = place
        while text[place : place + 1] == " ":
            place += 1
        if text[place : place + 1] == '"':
            value = ""
            place += 1
            while True:
                if place == len(text):
                    return Fields(None, is_open=True)
                if text[place : place + 2] == '""':
                    value += '"'
                    place += 2
                elif text[place] == '"':
                    place += 1
                    break
                else:
                    value += text[place]
                    place += 1
            while text[place : place + 1] == " ":
                place += 1
            if place < len(text) and text[place] != ",":
                return Fields(None)
        else:
            end = text.find(",", place)
            place = len(text) if end < 0 else end
            value = text[start:place]
        values.append(value)
        if place == len(text):
            return Fields(tuple(values))
        place += 1


def read_lines(content: bytes) -> list[str | None]:
    """Return the lines that are not empty, None for one that is not UTF-8."""
    lines: list[str | None] = []
    for line in (
        content.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").split(b"\n")
    ):
        if line:
            try:
                lines.append(line.decode())
            except UnicodeDecodeError:
                lines.append(None)
    return lines


def read_records(content: bytes) -> list[tuple[str, ...] | None]:
    r"""Return the records behind the header, None for one that has no such fields.

    Examples
    --------
    >>> read_records(b'x,y\n1,"a\r\nb"\n2,"c\n3,d\n')
    [('1', 'a\nb'), None, ('3', 'd')]
    """
    lines = read_lines(content)
    header = lines[0] or ""
    width = len(read_fields(header).values or ())
    records: list[tuple[str, ...] | None] = []

    def add(line: str | None) -> None:
        values = None if line is None else read_fields(line).values
        records.append(values if values and len(values) == width else None)

    place = 1
    while place < len(lines):
        held = [lines[place]]
        fields = read_fields(held[0] or "")
        place += 1
        while fields.is_open and place < len(lines) and lines[place] is not None:
            inside = read_fields('"' + (lines[place] or ""))
            if not inside.is_open and inside.values is None:
                break
            held.append(lines[place])
            fields = inside
            place += 1
        whole = "\n".join(line or "" for line in held)
        values = read_fields(whole).values
        size = sum(len((line or "").encode()) for line in held)
        is_whole = values and len(values) == width and size <= LONGEST_RECORD
        for line in [whole] if len(held) > 1 and is_whole else held:
            add(line)
    return records
