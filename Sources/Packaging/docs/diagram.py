"""Writes a diagram of mermaid's erDiagram kind as Graphviz's language: see `make diagram`.

A code host renders mermaid in a Markdown file; DocC and a browser without a network do not, and show
the SVG that dot(1) makes of this.
"""

import re
import sys
from html import escape

ENTITY = re.compile(r"(?P<name>\w+) \{")
COLUMN = re.compile(r'(?P<type>\w+) (?P<name>\w+)(?: (?P<keys>[A-Z, ]+?))?(?: "(?P<note>.*)")?')
RELATION = re.compile(r'(?P<one>\w+) (?P<left>[|o}]+)--(?P<right>[|o{]+) (?P<many>\w+) : "(?P<says>.*)"')
# mermaid's ends of a line, as the shapes of arrows that mean the same; those of the left are mirrored.
ARROWS = {"||": "teetee", "|o": "teeodot", "o|": "teeodot", "o{": "crowodot", "|{": "crowtee"}


def row(column: re.Match[str]) -> str:
    keys = f" {column['keys']}" if column["keys"] else ""
    note = f"<br/><i>{escape(column['note'])}</i>" if column["note"] else ""
    name = f"<b>{column['name']}</b>" if "PK" in keys else column["name"]
    return (
        f'<tr><td align="left">{name}{note}</td>'
        f'<td align="left"><font color="#555555">{column["type"]}{keys}</font></td></tr>'
    )


def main() -> None:
    lines = [line.strip() for line in sys.stdin]
    if lines.pop(0) != "erDiagram":
        sys.exit("diagram.py: no erDiagram on standard input")
    print('digraph { rankdir=LR bgcolor=white nodesep=0.4 ranksep=1.1')
    print('node [shape=plain fontname="Helvetica,sans-serif" fontsize=11]')
    print('edge [dir=both fontname="Helvetica,sans-serif" fontsize=9 color="#555555"]')
    rows: list[str] = []
    name = ""
    for line in filter(None, lines):
        if relation := RELATION.fullmatch(line):
            print(
                f'{relation["one"]} -> {relation["many"]} [label="{relation["says"]}"'
                f' arrowtail={ARROWS[relation["left"]]} arrowhead={ARROWS[relation["right"]]}]'
            )
        elif entity := ENTITY.fullmatch(line):
            name, rows = entity["name"], []
        elif line == "}":
            head = f'<tr><td colspan="2" bgcolor="#dde6f0"><b>{name}</b></td></tr>'
            print(
                f'{name} [label=<<table border="1" color="#555555" cellborder="0" cellspacing="0"'
                f' cellpadding="3">{head}{"".join(rows)}</table>>]'
            )
        elif column := COLUMN.fullmatch(line):
            rows.append(row(column))
        else:
            sys.exit(f"diagram.py: not understood: {line}")
    print("}")


main()
