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
SERVICES = {
    "colab_url": "https://colab.research.google.com",
    "binderhub_url": "https://mybinder.org",
}


def launchers(notebook: str, repository: str, branch: str, chosen: dict) -> dict[str, str]:
    """Return where a notebook of the repository can be opened, by the service's name.

    The notebook is a path such as ``notebooks/pulse_cnn.ipynb``; what is chosen stands under
    ``launch_buttons`` in ``_config.yml``. There is a hub only if its address is given there.
    """
    name = urlsplit(repository).path.strip("/")
    interface = "tree" if chosen.get("notebook_interface") == "classic" else "lab/tree"
    inside = f"{quote(branch, safe='')}?{urlencode({'urlpath': f'{interface}/{notebook}'})}"
    services = {}
    match urlsplit(repository).netloc:
        case "github.com":
            colab = f"{address(chosen, 'colab_url')}/github"
            services["Colab"] = f"{colab}/{name}/blob/{branch}/{notebook}"
            place = f"gh/{name}"
        case "gitlab.com":
            place = f"gl/{quote(name, safe='')}"
        case _:
            place = f"git/{quote(repository, safe='')}"
    services["Binder"] = f"{address(chosen, 'binderhub_url')}/v2/{place}/{inside}"
    if hub := address(chosen, "jupyterhub_url"):
        inside = f"{interface}/{name.split('/')[-1]}/{notebook}"
        query = urlencode({"repo": repository, "branch": branch, "urlpath": inside})
        services["JupyterHub"] = f"{hub}/hub/user-redirect/git-pull?{query}"
    return services


def address(chosen: dict, service: str) -> str:
    return (chosen.get(service) or SERVICES.get(service, "")).rstrip("/")


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
        chosen = book.setting("launch_buttons", {})
        places = launchers(notebook, book.repository_url(), book.branch(), chosen)
        buttons[:0] = [link(name, places[name], f"Open in {name}", ROCKET) for name in places]
    group = {"type": "group", "label": "launch-buttons", "icon": ROCKET, "buttons": buttons}
    group["tooltip"] = "Run or download this page"
    of_theme = [one for one in context["header_buttons"] if one.get("label") != group["label"]]
    context["header_buttons"] = [group, *of_theme]


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_buttons, priority=LATE)
