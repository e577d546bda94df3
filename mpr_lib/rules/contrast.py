"""Contrast: how well one colour is told from another, as WCAG 2.2 measures it, and colours that are told better."""

import colorsys

ENOUGH = 4.5
"""Contrast that words need with what they stand on."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21.

    >>> contrast("#000000", "#FFFFFF"), round(contrast("#767676", "#FFFFFF"), 2)
    (21.0, 4.54)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 4)


def told_from(colour: str, ground: str, least: float = ENOUGH) -> str:
    """The colour, or the nearest of its hue that has at least that contrast with the ground.

    >>> told_from("#12436D", "#FFFFFF"), told_from("#F5A623", "#FFFFFF")
    ('#12436D', '#A36907')
    """
    if contrast(colour, ground) >= least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    end = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(1, 101):
        nearer = lightness + (end - lightness) * step / 100
        found = _written(colorsys.hls_to_rgb(hue, nearer, saturation))
        if contrast(found, ground) >= least:
            return found
    return "#000000" if end == 0 else "#FFFFFF"


def _luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _parts(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _written(parts):
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)
