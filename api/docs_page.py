"""The documentation page: Swagger UI from local files, nothing from outside."""

from html import escape
from typing import Any, Final

from litestar import Request, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.params import FromPath
from litestar.response import File, Redirect
from openapi_ui_bundles import swagger_ui

DOCS_PATH: Final = "/docs"
ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
# validatorUrl: the badge of a public validator would send the document out.
PAGE_SCRIPT: Final = f"""
    SwaggerUIBundle({{
      url: "{DOCS_PATH}/openapi.json",
      dom_id: "#documentation",
      deepLinking: true,
      validatorUrl: null,
    }});
  """
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="icon" type="image/png" href="{path}/assets/favicon-32x32.png">
  <link rel="stylesheet" href="{path}/assets/swagger-ui.css">
</head>
<body>
  <div id="documentation"></div>
  <script src="{path}/assets/swagger-ui-bundle.js"></script>
  <script>{script}</script>
</body>
</html>
"""


class DocsPage(OpenAPIRenderPlugin):
    """Serves the page and the three files that it loads."""

    def __init__(self) -> None:
        super().__init__(path="/", favicon="")

    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        """Return the page; it loads the document by itself."""
        del request
        title = escape(openapi_schema["info"]["title"])
        return PAGE.format(title=title, path=DOCS_PATH, script=PAGE_SCRIPT).encode()

    def receive_router(self, router: Router) -> None:
        """Add the files to the router of the page."""
        router.register(docs_asset)


@get(
    "/assets/{name:str}",
    include_in_schema=False,
    sync_to_thread=False,
    cache_control=CacheControlHeader(max_age=86_400),
)
def docs_asset(name: FromPath[str]) -> File:
    """Return one of the files of the page."""
    if name not in ASSETS:
        raise NotFoundException
    return File(
        swagger_ui.static_path / name,
        media_type=ASSETS[name],
        content_disposition_type="inline",
    )


@get("/", include_in_schema=False, sync_to_thread=False)
def front_door() -> Redirect:
    """Lead whoever opens the bare address to the documentation."""
    return Redirect(DOCS_PATH)
