"""A person of its own in each of 47 places of a web page, and in some more ways to turn or break one that is seen."""

from __future__ import annotations

import base64
import html

from PIL import Image

from tests.pictures import saved
from tests.planted import Planted, planted

TEXT = (
    "plain split_tags entities wbr_shy hidden_display hidden_attr details_closed template noscript textarea select_option ruby "
    "svg_text svg_title mathml comment conditional_comment cdata after_html bidi_override"
).split()
ATTR = (
    "title alt aria_label data href href_mailto src_path data_uri input_value placeholder meta_author meta_og class_id onclick "
    "style_content srcdoc cite download"
).split()
HEAD = "head_title jsonld script_var style_comment base_href link_title".split()
OTHER = "after_content escaped data_uri_exif".split()
MORE = "css_override controls_override isolate zero_width table_cell upside_order pre_text spaced_nbsp".split()
PLACES = (*TEXT, *ATTR, *HEAD, *OTHER)

SHOWN = frozenset("plain split_tags entities wbr_shy details_closed ruby after_html bidi_override".split()) | frozenset(MORE)
PLAIN = (
    "Report of the review",
    "The council found that its letters were lost.",
    "met the mayor before the meeting began.",
    "What was said",
    "Nobody in the office was told.",
    "first letter",
    "next letter",
    "Letters sent",
)


def planted_html() -> tuple[bytes, dict[str, Planted]]:
    """The page, and who is where."""
    persons = planted((*PLACES, *MORE))
    n = {place: person.name for place, person in persons.items()}
    back = {place: person.name[::-1] for place, person in persons.items()}
    entities = "".join(f"&#{ord(c)};" if i % 2 else f"&#x{ord(c):x};" for i, c in enumerate(n["entities"]))
    escaped = "".join(f"\\u{ord(c):04x}" for c in n["escaped"])
    uri = base64.b64encode(f"<p>{n['data_uri']}</p>".encode()).decode()
    exif = Image.Exif()
    exif[0x010E] = n["data_uri_exif"]
    jpeg = base64.b64encode(saved(Image.new("RGB", (8, 8)), "JPEG", exif=exif)).decode()
    given, surname = persons["split_tags"].given, persons["split_tags"].surname
    page = f"""<!DOCTYPE html>
<!-- {n["comment"]} -->
<html lang="en"><head><meta charset="utf-8"><title>{n["head_title"]}</title>
<meta name="author" content="{n["meta_author"]}"><meta property="og:title" content="{n["meta_og"]}">
<base href="https://example.com/{slug(n["base_href"])}/"><link rel="author" title="{n["link_title"]}" href="/x">
<script type="application/ld+json">{{"author": "{n["jsonld"]}"}}</script>
<script>var who = "{n["script_var"]}"; var other = "{escaped}";</script>
<style>/* {n["style_comment"]} */ p.seen::after {{ content: "{n["after_content"]}" }}</style></head><body>
<h1>{PLAIN[0]}</h1>
<p class="seen">{n["plain"]} spoke first. {PLAIN[1]}</p>
<p>{given[:3]}<b>{given[3:6]}</b><i>{given[6:]}</i> {surname[:4]}<span>{surname[4:]}</span> {PLAIN[2]}</p>
<p>{entities} and {soft(n["wbr_shy"])} were there.</p>
<p style="display:none">{n["hidden_display"]}</p><div hidden>{n["hidden_attr"]}</div>
<details><summary>{PLAIN[3]}</summary><p>{n["details_closed"]} agreed.</p></details>
<template>{n["template"]}</template><noscript>{n["noscript"]}</noscript>
<form><textarea>{n["textarea"]}</textarea><select><option>{n["select_option"]}</option></select>
<input value="{n["input_value"]}"><input placeholder="{n["placeholder"]}"></form>
<p><ruby>{n["ruby"]}<rp>(</rp><rt>noted</rt><rp>)</rp></ruby> signed.</p>
<svg><title>{n["svg_title"]}</title><text>{n["svg_text"]}</text></svg><math><mtext>{n["mathml"]}</mtext></math>
<!--[if IE]><p>{n["conditional_comment"]}</p><![endif]--><![CDATA[{n["cdata"]}]]>
<p><bdo dir="rtl">{back["bidi_override"]}</bdo> left early.</p>
<p title="{n["title"]}" aria-label="{n["aria_label"]}" data-who="{n["data"]}" class="{slug(n["class_id"])}">{PLAIN[4]}</p>
<p><img alt="{n["alt"]}" src="/photos/{slug(n["src_path"])}.jpg"><img src="data:image/jpeg;base64,{jpeg}"></p>
<p><a href="/people/{slug(n["href"])}" download="{n["download"]}.pdf">first letter</a>
<a href="mailto:{slug(n["href_mailto"])}@example.org" onclick="show('{n["onclick"]}')">next letter</a></p>
<iframe src="data:text/html;base64,{uri}"></iframe><iframe srcdoc="&lt;p&gt;{n["srcdoc"]}&lt;/p&gt;"></iframe>
<q cite="https://example.com/{slug(n["cite"])}">It is so.</q><p style="content:'{n["style_content"]}'">As it was.</p>
<p><span style="unicode-bidi: bidi-override; direction: rtl">{back["css_override"]}</span> wrote it down.</p>
<p>&#x202e;{back["controls_override"]}&#x202c; read it out. &#x2066;{n["isolate"]}&#x2069; heard it.</p>
<p>{"&#x200b;".join(n["zero_width"])} came late.</p>
<table><caption>{PLAIN[7]}</caption><tr><th>To</th><th>Day</th></tr><tr><td>{n["table_cell"]}</td><td>Monday</td></tr></table>
<p>{persons["upside_order"].surname.upper()}, {persons["upside_order"].given} was listed.</p>
<pre>  {n["pre_text"]}
    stood here</pre>
<p>{n["spaced_nbsp"].replace(" ", "&nbsp;")} closed the meeting.</p>
</body></html>
<p>{n["after_html"]} is in the last line.</p>
"""
    return page.encode(), persons


def slug(name: str) -> str:
    return html.escape(name.lower().replace(" ", "-"))


def soft(name: str) -> str:
    """With places where it may break: invisible, and in every search in the way."""
    return "&shy;".join(name[i : i + 3] for i in range(0, len(name), 3)).replace("&shy;", "<wbr>", 1)
