"""Trains a tiny CLIP on patches of colour, in seconds: any words in, but it knows a dozen.

The words are the names of colours, each with its look, and 'something', which looks like anything.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

SIDE = 16
LOOKS = {
    "red": (220, 30, 30),
    "blue": (30, 60, 220),
    "green": (30, 160, 40),
    "yellow": (240, 220, 40),
    "black": (15, 15, 15),
    "white": (245, 245, 245),
}
ANYTHING = "something"
NAMES = (*LOOKS, ANYTHING)
TEMPLATES = ("a photo of {}", "{}", "this is a photo of {}.", "a {} thing")
WORDS = sorted({word for name in (*NAMES, *TEMPLATES) for word in name.replace(".", "").split()})
SPECIAL = ("<pad>", "<start>", "<unknown>", "<end>")
PAD, START, UNKNOWN, END = range(len(SPECIAL))

Draw = np.random.Generator


def train_clip_model(folder: Path, *, seed: int = 0, steps: int = 150) -> Path:
    """Train a tiny CLIP and save it, with its tokenizer and image processor.

    Args:
        folder: Where to save it; made if it is not there.
        seed: Of all that is drawn; torch's own random numbers are left as they were.
        steps: How long to train; 0 leaves it as it is drawn.

    Returns:
        The folder.
    """
    from transformers import CLIPConfig, CLIPModel
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    tokenizer = make_tokenizer(length=16, ends=True)
    with seeded(seed):
        model = CLIPModel(CLIPConfig(**sizes(16), projection_dim=16))
        train(model, tokenizer, steps, seed, choose_loss, {"padding": True})
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil(
        size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}
    ).save_pretrained(folder)
    return folder


def sizes(text_length: int) -> dict[str, Any]:
    """The configs of both towers, as small as they still learn."""
    tower = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    words = {
        "vocab_size": len(SPECIAL) + len(WORDS),
        "max_position_embeddings": text_length,
        "pad_token_id": PAD,
        "bos_token_id": START,
        "eos_token_id": END,
    }
    return {
        "text_config": tower | words,
        "vision_config": tower | {"image_size": SIDE, "patch_size": 8},
    }


def make_tokenizer(length: int, *, ends: bool) -> Any:
    """A tokenizer of whole words in small letters; ``ends`` marks each text's start and end."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = {word: place for place, word in enumerate((*SPECIAL, *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=SPECIAL[UNKNOWN]))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if ends:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<start> $A <end>", special_tokens=[("<start>", START), ("<end>", END)]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=SPECIAL[PAD],
        unk_token=SPECIAL[UNKNOWN],
        bos_token=SPECIAL[START],
        eos_token=SPECIAL[END],
        model_max_length=length,
        model_input_names=["input_ids", "attention_mask"] if ends else ["input_ids"],
    )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    # Steps this small lose more to a second thread than it does for them.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)


def choose_loss(logits: torch.Tensor) -> torch.Tensor:
    """CLIP's: each picture chooses its text, each text its picture."""
    own = torch.arange(len(logits))
    return (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)) / 2


def train(
    model: Any,
    tokenizer: Any,
    steps: int,
    seed: int,
    loss_of: Callable[[torch.Tensor], torch.Tensor],
    padding: dict[str, Any],
) -> None:
    """Show one picture of each name at every step, with texts of one template."""
    draw = np.random.default_rng(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(steps):
        template = str(draw.choice(TEMPLATES))
        texts = tokenizer([template.format(name) for name in NAMES], return_tensors="pt", **padding)
        pixels = torch.stack([_picture(name, draw) for name in NAMES])
        loss = loss_of(model(**texts, pixel_values=pixels).logits_per_image)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()


def _picture(name: str, draw: Draw) -> torch.Tensor:
    """(3, H, W), in about [-2, 2] as both processors give them: a colour, or anything."""
    if name == ANYTHING:
        colours = draw.uniform(0, 255, (2, 2, 3)).repeat(SIDE // 2, 0).repeat(SIDE // 2, 1)
    else:
        colours = np.broadcast_to(LOOKS[name] + draw.normal(0, 15, 3), (SIDE, SIDE, 3))
    noisy = np.clip(colours + draw.normal(0, 10, (SIDE, SIDE, 3)), 0, 255)
    return torch.from_numpy(noisy.astype(np.float32) / 255).permute(2, 0, 1) * 4 - 2
