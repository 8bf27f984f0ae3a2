"""A BERT encoder: learned positions, post-LayerNorm, exact GELU, masked-language-model head.

Shapes: B batch, S positions, D hidden_size. Names and arithmetic are those of transformers'
BertForMaskedLM (with one token type), so the exported safetensors load there as they are.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import attention


@dataclass(frozen=True)
class BertConfig:
    vocab_size: int
    hidden_size: int = 256
    intermediate_size: int = 1024
    num_hidden_layers: int = 6
    num_attention_heads: int = 8
    max_position_embeddings: int = 256
    type_vocab_size: int = 1
    layer_norm_eps: float = 1e-12

    def to_hugging_face(self, pad: int) -> dict:
        """The `config.json` that transformers and transformers.js read."""
        return {
            "architectures": ["BertModel"],
            "model_type": "bert",
            **asdict(self),
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
            "position_embedding_type": "absolute",
            "pad_token_id": pad,
            "torch_dtype": "float32",
        }


class Embeddings(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        d = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, d)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, d)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, d)
        self.LayerNorm = nn.LayerNorm(d, eps=config.layer_norm_eps)

    def forward(self, input_ids: Tensor) -> Tensor:
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        return self.LayerNorm(
            self.word_embeddings(input_ids)
            + self.position_embeddings(positions)
            + self.token_type_embeddings.weight[0]
        )


class SelfAttention(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        d = config.hidden_size
        self.heads = config.num_attention_heads
        self.query, self.key, self.value = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, s, d = x.shape
        q, k, v = (
            project(x).view(b, s, self.heads, d // self.heads).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        y = attention(q, k, v, mask)
        return y.transpose(1, 2).reshape(b, s, d)


class AddNorm(nn.Module):
    """Dense, residual, LayerNorm: what BERT calls an output block."""

    def __init__(self, inputs: int, config: BertConfig):
        super().__init__()
        self.dense = nn.Linear(inputs, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.LayerNorm(self.dense(x) + residual)


class Attention(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.self = SelfAttention(config)
        self.output = AddNorm(config.hidden_size, config)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return self.output(self.self(x, mask), x)


class Intermediate(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.dense(x))


class Layer(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.attention = Attention(config)
        self.intermediate = Intermediate(config)
        self.output = AddNorm(config.intermediate_size, config)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = self.attention(x, mask)
        return self.output(self.intermediate(x), x)


class Encoder(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.layer = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))


class BertModel(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """[B, S] ids and 0/1 mask -> last hidden states [B, S, D]."""
        return self.states_and_embeddings(input_ids, attention_mask)[0]

    def states_and_embeddings(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and what the first layer reads, [B, S, D] each."""
        mask = attention_mask.bool()[:, None, None, :]
        x = embeddings = self.embeddings(input_ids)
        for layer in self.encoder.layer:
            x = layer(x, mask)
        return x, embeddings


class BertForMaskedLM(nn.Module):
    """The encoder and the head it is pre-trained with (transform, then tied embeddings)."""

    def __init__(self, config: BertConfig):
        super().__init__()
        self.config = config
        self.bert = BertModel(config)
        self.transform = nn.Linear(config.hidden_size, config.hidden_size)
        self.transform_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.decoder_bias = nn.Parameter(torch.zeros(config.vocab_size))
        for name, module in self.named_modules():
            if isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear):
                # BERT's 0.02 keeps the residual branches small; for what feeds attention and the GELU
                # it is far too little at this width, and learning would start late.
                inner = name.endswith(("query", "key", "value", "intermediate.dense"))
                nn.init.normal_(module.weight, std=module.in_features**-0.5 if inner else 0.02)
                nn.init.zeros_(module.bias)

    def masked_loss(self, hidden_states: Tensor, labels: Tensor) -> Tensor:
        """Mean cross-entropy at the masked positions (labels [B, S], -100 elsewhere)."""
        keep = labels != -100
        x = self.transform_norm(F.gelu(self.transform(hidden_states[keep])))
        logits = F.linear(x, self.bert.embeddings.word_embeddings.weight, self.decoder_bias)
        return F.cross_entropy(logits.float(), labels[keep])
