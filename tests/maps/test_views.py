"""The page's folium map: two parts, nothing foreign in them, and its name safe as markup."""

from __future__ import annotations

from maps.views import page_map

HOME = (122.0, 36.5, 123.0, 37.5)


def test_the_parts_hold_no_foreign_address_style_or_handler() -> None:
    parts = page_map(HOME, "海图")
    for told in (parts.html, parts.script):
        assert "//" not in told and "<style" not in told and "style=" not in told and "<script" not in told


def test_the_script_makes_the_element_of_the_markup_and_hands_it_over() -> None:
    parts = page_map(HOME, "海图")
    name = parts.html.split('id="')[1].split('"')[0]
    assert f'L.map("{name}"' in parts.script and f"globalThis.haiyuMap = {name};" in parts.script
    assert "[37.0, 122.5]" in parts.script


def test_two_maps_do_not_share_a_name() -> None:
    assert page_map(HOME, "").html != page_map(HOME, "").html


def test_its_label_cannot_become_markup() -> None:
    assert 'aria-label="&#34;&gt;&lt;b&gt;"' in page_map(HOME, '"><b>').html
