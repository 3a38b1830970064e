"""The buttons at the top of a page: take its notebook along, or open it in the cloud.

The theme would link to the page's Markdown source, which Colab cannot open; these link
to the notebook that is made from it. A page that is no notebook has none of them.
"""

from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from sphinx.application import Sphinx

from tools import book
from tools.book import is_notebook, notebook_path
from tools.site.pages import LATE

ROCKET = "fas fa-rocket"


def launchers(notebook: str, repository: str, branch: str, hub: str) -> dict[str, str]:
    """Return where a notebook of the repository can be opened, by the service's name.

    The notebook is a path such as ``notebooks/pulse_cnn.ipynb``; the hub is the address of
    the instructor's JupyterHub, empty if there is none.
    """
    name = urlsplit(repository).path.strip("/")
    inside = f"{quote(branch, safe='')}?{urlencode({'urlpath': f'lab/tree/{notebook}'})}"
    services = {}
    match urlsplit(repository).netloc:
        case "github.com":
            colab = "https://colab.research.google.com/github"
            services["Colab"] = f"{colab}/{name}/blob/{branch}/{notebook}"
            place = f"gh/{name}"
        case "gitlab.com":
            place = f"gl/{quote(name, safe='')}"
        case _:
            place = f"git/{quote(repository, safe='')}"
    services["Binder"] = f"https://mybinder.org/v2/{place}/{inside}"
    if hub:
        inside = f"lab/tree/{name.split('/')[-1]}/{notebook}"
        query = urlencode({"repo": repository, "branch": branch, "urlpath": inside})
        services["JupyterHub"] = f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{query}"
    return services


def link(text: str, url: str, tooltip: str, icon: str) -> dict:
    return {"type": "link", "text": text, "url": url, "tooltip": tooltip, "icon": icon}


def add_buttons(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    if doctree is None or not is_notebook(Path(app.env.doc2path(page))):
        return
    notebook = f"notebooks/{notebook_path(page)}"
    file = context["pathto"](notebook, 1)
    buttons = [link(".ipynb", file, "Download the notebook", "fas fa-download")]
    # Colab opens the repository's own notebook, whose set-up cell has the address that
    # _config.yml gives: without one, the button would lead nowhere.
    if not book.is_placeholder(book.configured_url()):
        hub = app.config.html_theme_options.get("launch_buttons", {}).get("jupyterhub_url", "")
        places = launchers(notebook, book.repository_url(), book.branch(), hub)
        buttons[:0] = [link(name, places[name], f"Open in {name}", ROCKET) for name in places]
    group = {"type": "group", "label": "launch-buttons", "icon": ROCKET, "buttons": buttons}
    context["header_buttons"].insert(0, group | {"tooltip": "Run or download this page"})


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_buttons, priority=LATE)
