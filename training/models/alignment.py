"""The alignment layer: encoder hidden states and the spelling of words [.., d_enc] -> LLM embedding space [.., d_llm].

LangBridge (arXiv 2401.10695, section 3) uses one Linear; an MLP does better for small models
(docs/bundle-format.md lists the kinds and their tensors).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .bert import BertModel
from .words import WordPieces, beside_words


@dataclass(frozen=True)
class AlignmentConfig:
    kind: str
    encoder_dim: int  # of what it reads, states and words: twice the encoder's width
    llm_dim: int
    hidden_dim: int = 512
    norm_eps: float = 1e-6


class Alignment(nn.Module):
    """`end_of_prompt` is the learned vector that follows the soft prompt."""

    def __init__(self, config: AlignmentConfig, embedding_rms: float, words: WordPieces):
        """`embedding_rms`: RMS of the LLM's embedding table; the first outputs have the same scale.

        `words`: tells the encoder's words apart, whose spelling is read beside the states.
        """
        super().__init__()
        self.config = config
        self.words = words
        if config.kind == "linear":
            self.linear = last = nn.Linear(config.encoder_dim, config.llm_dim)
        elif config.kind == "mlp":
            self.fc1 = nn.Linear(config.encoder_dim, config.hidden_dim)
            self.fc2 = last = nn.Linear(config.hidden_dim, config.llm_dim)
        else:
            raise ValueError(f"unknown alignment kind {config.kind!r}: expected linear or mlp")
        self.end_of_prompt = nn.Parameter(torch.randn(config.llm_dim) * embedding_rms)
        # The map learns at the scale of its inputs; this constant brings it to the scale of the
        # embeddings and is folded into the last layer at export.
        self.output_scale = embedding_rms
        nn.init.normal_(last.weight, std=last.in_features**-0.5)
        nn.init.zeros_(last.bias)

    def soft_prompt(self, encoder: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
        """[B, S] ids of a text -> [B, S, d_llm]."""
        return self(beside_words(*encoder.states_and_embeddings(ids, mask), self.words.starts(ids)))

    def forward(self, inputs: Tensor) -> Tensor:
        x = F.rms_norm(inputs.float(), inputs.shape[-1:], eps=self.config.norm_eps)
        x = self.linear(x) if self.config.kind == "linear" else self.fc2(F.gelu(self.fc1(x)))
        return x * self.output_scale

    def export_tensors(self) -> dict[str, Tensor]:
        """The tensors of docs/bundle-format.md: `output_scale` folded into the last layer."""
        last = "linear" if self.config.kind == "linear" else "fc2"
        return {
            name: (value * self.output_scale if name.startswith(last) else value.clone()).contiguous()
            for name, value in self.state_dict().items()
        }
