"""Marked blocks of Markdown files that commands write and tests hold to a run."""

from pipeline.errors import PipelineError

HTML_COMMENT = "<!-- {} -->"
# A link that nothing refers to: dbt docs would show an HTML comment.
MARKDOWN_COMMENT = "[//]: # ({})"


def with_block(
    text: str,
    name: str,
    content: str,
    *,
    of: str = "README.md",
    marker: str = HTML_COMMENT,
) -> str:
    r"""Replace what stands between the markers of a block.

    Parameters
    ----------
    of
        Name of the file, for the error.
    marker
        Form of the markers.

    Raises
    ------
    PipelineError
        The file has no such block.

    Examples
    --------
    >>> with_block("<!-- a:begin -->\nold\n<!-- a:end -->", "a", "new")
    '<!-- a:begin -->\nnew\n<!-- a:end -->'
    """
    begin, end = (marker.format(f"{name}:{side}") for side in ("begin", "end"))
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise PipelineError(f"{of} has no block {name}: put {begin} and {end} back")
    return f"{before}{begin}\n{content}\n{end}{after}"
