"""Marked blocks of Markdown files that commands write and tests hold to a run."""

from pipeline.errors import PipelineError


def with_block(text: str, name: str, content: str, *, of: str = "README.md") -> str:
    r"""Replace what stands between the markers of a block.

    Parameters
    ----------
    of
        Name of the file, for the error.

    Raises
    ------
    PipelineError
        The file has no such block.

    Examples
    --------
    >>> with_block("<!-- a:begin -->\nold\n<!-- a:end -->", "a", "new")
    '<!-- a:begin -->\nnew\n<!-- a:end -->'
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise PipelineError(f"{of} has no block {name}: put {begin} and {end} back")
    return f"{before}{begin}\n{content}\n{end}{after}"
