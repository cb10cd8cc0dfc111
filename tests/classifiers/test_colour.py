import colorsys
from collections.abc import Mapping

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageColor

from segui.classifiers.base import Classifier, Crop
from segui.classifiers.colour import TERMS, ColourNames, name_colours
from segui.errors import InputError

# What people agree on; where they do not, each name that has a case for it.
CSS = {
    "red": "red",
    "crimson": "red",
    "firebrick": "red",
    "darkred": "red",
    "maroon": "red brown",
    "tomato": "red orange",
    "orangered": "orange red",
    "coral": "orange pink",
    "darkorange": "orange",
    "orange": "orange",
    "sandybrown": "orange brown",
    "gold": "yellow",
    "goldenrod": "yellow orange brown",
    "yellow": "yellow",
    "khaki": "yellow",
    "olive": "green yellow",
    "yellowgreen": "green",
    "lime": "green",
    "green": "green",
    "darkgreen": "green",
    "forestgreen": "green",
    "seagreen": "green",
    "springgreen": "green",
    "turquoise": "green blue",
    "teal": "green blue",
    "cyan": "blue",
    "skyblue": "blue",
    "lightblue": "blue",
    "steelblue": "blue",
    "royalblue": "blue",
    "blue": "blue",
    "navy": "blue",
    "midnightblue": "blue",
    "indigo": "purple",
    "rebeccapurple": "purple",
    "darkviolet": "purple",
    "purple": "purple",
    "magenta": "pink purple",
    "deeppink": "pink",
    "hotpink": "pink",
    "pink": "pink",
    "lightpink": "pink",
    "brown": "brown",
    "saddlebrown": "brown",
    "sienna": "brown",
    "chocolate": "brown orange",
    "peru": "brown orange",
    "tan": "brown",
    "beige": "white yellow",
    "black": "black",
    "dimgray": "grey",
    "gray": "grey",
    "silver": "grey",
    "slategray": "grey",
    "whitesmoke": "white",
    "ivory": "white",
    "white": "white",
}


def scores_of(image: Image.Image, mask: Image.Image | None = None) -> Mapping[str, float]:
    whole = mask if mask is not None else Image.new("L", image.size, 255)
    return ColourNames().score([Crop(image, whole)])[0]


def astronaut(box: tuple[int, int, int, int]) -> Image.Image:
    return Image.fromarray(skimage.data.astronaut()).crop(box)


def shaded_ball(colour: tuple[int, int, int], ambient: float, side: int = 120) -> Crop:
    """A ball lit from the upper left, with a soft white highlight, in linear light."""
    axis = (np.arange(side) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    inside = x**2 + y**2 < 1
    normal = np.stack([x, y, np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))], -1)
    light = np.array([-0.45, -0.6, 0.66])
    halfway = light + np.array([0, 0, 1])
    shine = 0.75 * np.clip(normal @ (halfway / np.linalg.norm(halfway)), 0, 1) ** 24
    diffuse = ambient + (1 - ambient) * np.clip(normal @ light, 0, 1)
    linear = (np.array(colour) / 255) ** 2.2 * diffuse[..., None]
    linear = linear * (1 - shine[..., None]) + shine[..., None]
    pixels = (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)
    return Crop(Image.fromarray(pixels), Image.fromarray((inside * 255).astype(np.uint8)))


def test_is_a_classifier_with_the_eleven_basic_terms() -> None:
    assert isinstance(ColourNames(), Classifier)
    assert ColourNames().name == "Colour names"
    assert ColourNames.labels == (
        *("red", "orange", "yellow", "green", "blue", "purple"),
        *("pink", "brown", "black", "grey", "white"),
    )


@pytest.mark.parametrize(("css", "terms"), CSS.items())
def test_css_colours_get_the_name_people_agree_on(css: str, terms: str) -> None:
    scores = scores_of(Image.new("RGB", (2, 2), ImageColor.getrgb(css)))
    assert max(scores, key=lambda term: scores[term]) in terms.split()


def test_every_grey_is_black_grey_or_white_in_that_order() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    places = name_colours(greys)
    assert sorted({TERMS[place] for place in places}) == ["black", "grey", "white"]
    assert (np.diff(places.astype(int)) >= 0).all()


def test_no_strong_colour_is_neutral() -> None:
    colours = [colorsys.hsv_to_rgb(hue / 360, 1, 0.8) for hue in range(360)]
    names = {TERMS[place] for place in name_colours((np.array(colours) * 255).astype(np.uint8))}
    assert not names & {"black", "grey", "white", "brown"}


def test_shares_add_up_and_follow_the_areas() -> None:
    image = Image.new("RGB", (10, 10), "red")
    image.paste("blue", (0, 0, 3, 10))
    scores = scores_of(image)
    assert scores["blue"] == pytest.approx(0.3)
    assert scores["red"] == pytest.approx(0.7)
    assert sum(scores.values()) == pytest.approx(1)
    assert tuple(scores) == TERMS


def test_only_what_the_mask_covers_counts() -> None:
    image = Image.new("RGB", (10, 10), "red")
    image.paste("blue", (0, 0, 5, 10))
    mask = Image.new("L", (10, 10), 0)
    mask.paste(255, (0, 0, 4, 10))
    assert scores_of(image, mask)["blue"] == 1


def test_a_soft_mask_counts_pixels_by_its_value() -> None:
    image = Image.new("RGB", (2, 1), "red")
    image.putpixel((0, 0), (0, 0, 255))
    mask = Image.new("L", (2, 1), 200)
    mask.putpixel((0, 0), 50)
    assert scores_of(image, mask)["blue"] == pytest.approx(0.2)


def test_an_empty_mask_gives_nothing_to_every_term() -> None:
    scores = scores_of(Image.new("RGB", (3, 3), "red"), Image.new("L", (3, 3), 0))
    assert scores == dict.fromkeys(TERMS, 0.0)


def test_no_crops_give_no_scores() -> None:
    assert ColourNames().score([]) == []


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        scores_of(Image.new("RGB", (3, 2)), Image.new("L", (2, 3)))
    assert str(caught.value) == "the crop is 3 x 2 px, its mask 2 x 3 px: their sizes must match"


def test_a_large_crop_is_sampled_within_a_percent_and_the_same_each_time() -> None:
    # One column in four is blue: a fixed step of a multiple of four would see one colour alone.
    pixels = np.zeros((1000, 2048, 3), np.uint8)
    pixels[:, ::4, 2] = 255
    pixels[:, 1::4, 0] = pixels[:, 2::4, 0] = pixels[:, 3::4, 0] = 255
    image = Image.fromarray(pixels)
    assert scores_of(image)["blue"] == pytest.approx(0.25, abs=0.01)
    assert scores_of(image) == scores_of(image)


def test_the_astronauts_suit_is_mostly_orange() -> None:
    scores = scores_of(astronaut((60, 380, 110, 500)))
    assert scores["orange"] > 0.85
    whole_front = scores_of(astronaut((30, 250, 190, 500)))
    assert whole_front["orange"] > 0.6
    assert whole_front["brown"] < 0.1


def test_the_astronauts_face_is_of_skin_colours() -> None:
    scores = scores_of(astronaut((195, 90, 245, 165)))
    assert scores["brown"] + scores["orange"] + scores["pink"] > 0.85


def test_the_astronauts_helmet_visor_is_black() -> None:
    assert scores_of(astronaut((300, 430, 340, 500)))["black"] > 0.9


@pytest.mark.parametrize(
    ("photo", "box", "terms"),
    [
        ("rocket", (150, 50, 500, 250), {"blue"}),
        ("cat", (60, 100, 350, 250), {"brown", "orange"}),
        ("coffee", (100, 250, 200, 330), {"red", "orange", "brown"}),
        ("retina", (900, 300, 1200, 900), {"red", "orange"}),
    ],
)
def test_photos_get_the_colours_that_one_sees(
    photo: str, box: tuple[int, int, int, int], terms: set[str]
) -> None:
    scores = scores_of(Image.fromarray(getattr(skimage.data, photo)()).crop(box))
    assert sum(scores[term] for term in terms) > 0.85


@pytest.mark.parametrize("ambient", [0.18, 0.4])
@pytest.mark.parametrize(
    ("term", "colour", "least"),
    [
        ("red", (220, 30, 35), 0.8),
        ("orange", (250, 140, 20), 0.55),
        ("yellow", (250, 215, 30), 0.7),
        ("green", (40, 160, 60), 0.9),
        ("blue", (30, 90, 210), 0.9),
        ("purple", (130, 50, 170), 0.9),
    ],
)
def test_shaded_balls_keep_their_colour(
    term: str, colour: tuple[int, int, int], least: float, ambient: float
) -> None:
    assert ColourNames().score([shaded_ball(colour, ambient)])[0][term] > least
