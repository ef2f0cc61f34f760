"""Contrast as WCAG 2.1 measures it: of the colours, and of what the style paints."""

from __future__ import annotations

from collections import Counter

import pytest

from lrc_toolbox.gui import theme
from lrc_toolbox.gui.qt import QtGui, QtWidgets

TEXT, SHAPE = 4.5, 3.0


def luminance(colour: str) -> float:
    channels = QtGui.QColor(colour).getRgbF()[:3]
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (theme.TEXT, theme.WINDOW),
        (theme.TEXT, theme.BASE),
        (theme.TEXT, theme.ALTERNATE),
        (theme.FAINT, theme.WINDOW),
        (theme.FAINT, theme.BASE),
        (theme.HIGHLIGHTED_TEXT, theme.HIGHLIGHT),
        (theme.HIGHLIGHTED_TEXT, theme.ERROR_STRIP),
        (theme.HIGHLIGHTED_TEXT, theme.NOTE_STRIP),
        (theme.WRONG, theme.WINDOW),
        (theme.WRONG, theme.BASE),
        (theme.WRONG, theme.ALTERNATE),
        (theme.WRONG_SELECTED, theme.HIGHLIGHT),
        (theme.LINK, theme.BASE),
    ],
)
def test_every_text_can_be_read_on_its_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= TEXT


@pytest.mark.parametrize("ground", [theme.BASE, theme.ALTERNATE, theme.HIGHLIGHT])
@pytest.mark.parametrize("phase", list(theme.PHASES))
def test_every_states_dot_can_be_seen_on_its_row(phase, ground: str) -> None:
    assert contrast(theme.PHASES[phase], ground) >= SHAPE


@pytest.mark.parametrize("prominent", [True, False])
def test_a_buttons_text_can_be_read_on_what_the_style_paints(
    qtbot, dark: None, prominent: bool
) -> None:
    button = QtWidgets.QPushButton()
    qtbot.addWidget(button)
    if prominent:
        button.setPalette(theme.prominent(button.palette()))
    button.resize(200, 40)
    image = button.grab().toImage()
    middle = [image.pixelColor(100, y).name() for y in range(12, 28)]
    lightest = max(Counter(middle), key=luminance)
    text = button.palette().color(QtGui.QPalette.ColorRole.ButtonText).name()
    assert contrast(text, lightest) >= TEXT


def test_the_edge_of_an_empty_tick_box_can_be_seen(qtbot, panel) -> None:
    from lrc_toolbox.gui.layer_model import Column
    from tests.gui.samples import layer

    panel.form.layers.show_layers([layer("off", renderable=False)])
    view = panel.form.layer_view
    cell = view.visualRect(panel.form.layers.index(0, Column.LAYER))
    image = view.viewport().grab(cell).toImage()
    ratio = int(image.devicePixelRatio())
    box = [
        image.pixelColor(x, y).name()
        for x in range(20 * ratio)
        for y in range(image.height())
    ]
    assert max(contrast(colour, theme.BASE) for colour in box) >= SHAPE
