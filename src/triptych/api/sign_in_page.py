"""The page behind a one-time sign-in link. The link is used when the person asks for it, not when the page is
opened: programs that preview links would use it up."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, guarded

if TYPE_CHECKING:
    from starlette.requests import Request

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto 0; padding: 0 1rem; }
button { font: inherit; padding: .5rem 1.25rem; }
"""

# The secret stands behind "#", so the browser has never sent it; it leaves the address bar before it is used.
_SCRIPT = """
const button = document.querySelector("button"), said = document.querySelector("p");
const link = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (!link) { button.hidden = true; said.textContent = "This address lacks its link. Open it as it was printed."; }
button.onclick = async () => {
  button.disabled = true;
  try {
    const answer = await fetch("/api/v1/session", {
      method: "POST",
      headers: {"Content-Type": "application/json", "X-Triptych": "1"},
      body: JSON.stringify({link}),
    });
    const document_ = await answer.json();
    said.textContent = answer.ok
      ? "You are signed in as " + document_.user.email + " on this browser."
      : document_.error.message + " " + document_.error.hint;
    button.hidden = true;
  } catch {
    said.textContent = "The server does not answer. Try again in a moment.";
    button.disabled = false;
  }
};
"""

_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Sign in – Triptych</title>
<style>{_STYLE}</style>
<h1>Triptych</h1>
<p role="status">This link signs you in once, on this browser.</p>
<button>Sign in</button>
<script>{_SCRIPT}</script>
</html>
"""


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_POLICY = (
    f"default-src 'none'; script-src {_source(_SCRIPT)}; style-src {_source(_STYLE)}; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


async def _sign_in(_: Request, __: Access) -> Response:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


ROUTES = [Route("/sign-in", guarded(Rule("anyone"), _sign_in), methods=["GET"])]
