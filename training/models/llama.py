"""A Llama decoder: RMSNorm, RoPE (rotate-half), grouped-query attention, SwiGLU, tied embeddings.

Shapes: B batch, T positions, D hidden_size, H heads, K key/value heads, V vocabulary.
Parameter names and arithmetic are those of transformers' LlamaForCausalLM, so the exported
safetensors load there as they are.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import attention


@dataclass(frozen=True)
class LlamaConfig:
    vocab_size: int
    hidden_size: int = 256
    intermediate_size: int = 704
    num_hidden_layers: int = 5
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    max_position_embeddings: int = 512
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads

    def to_hugging_face(self, bos: int, eos: int, pad: int) -> dict:
        """The `config.json` that transformers and transformers.js read."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            **asdict(self),
            "head_dim": self.head_dim,
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
            "tie_word_embeddings": True,
            "bos_token_id": bos,
            "eos_token_id": eos,
            "pad_token_id": pad,
            "torch_dtype": "float32",
        }


class RMSNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), self.weight.shape, self.weight, self.eps).type_as(x)


def rotary_tables(config: LlamaConfig, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """cos and sin, each [T, head_dim]."""
    exponents = torch.arange(0, config.head_dim, 2, device=device).float() / config.head_dim
    angles = torch.outer(
        torch.arange(length, device=device).float(), config.rope_theta ** -exponents
    )
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """RoPE on [B, H, T, head_dim]."""
    first, second = x.chunk(2, dim=-1)
    return x * cos.type_as(x) + torch.cat([-second, first], dim=-1) * sin.type_as(x)


class Attention(nn.Module):
    def __init__(self, config: LlamaConfig):
        super().__init__()
        d, hd = config.hidden_size, config.head_dim
        self.heads, self.kv_heads, self.head_dim = (
            config.num_attention_heads,
            config.num_key_value_heads,
            hd,
        )
        self.q_proj = nn.Linear(d, self.heads * hd, bias=False)
        self.k_proj = nn.Linear(d, self.kv_heads * hd, bias=False)
        self.v_proj = nn.Linear(d, self.kv_heads * hd, bias=False)
        self.o_proj = nn.Linear(self.heads * hd, d, bias=False)

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, past: "Past | None" = None
    ) -> Tensor:
        b, t, _ = x.shape
        q = self.q_proj(x).view(b, t, self.heads, self.head_dim).transpose(1, 2)
        k = self.k_proj(x).view(b, t, self.kv_heads, self.head_dim).transpose(1, 2)
        v = self.v_proj(x).view(b, t, self.kv_heads, self.head_dim).transpose(1, 2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        # Batches are right-padded, so the causal mask alone keeps padding out of real positions.
        mask = None
        if past:
            k, v, mask = past.extend(k, v)
        groups = self.heads // self.kv_heads
        k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
        y = attention(q, k, v, mask)
        return self.o_proj(y.transpose(1, 2).reshape(b, t, -1))


class Past:
    """Keys and values of one layer, [B, K, length, head_dim], while a batch of prompts is continued.

    `positions` [B, t] says where the next t keys of each row go; a row sees what lies up to there.
    """

    def __init__(self, config: LlamaConfig, rows: int, length: int, device: torch.device):
        shape = rows, config.num_key_value_heads, length, config.head_dim
        self.keys, self.values = torch.zeros(shape, device=device), torch.zeros(shape, device=device)
        self.positions = torch.zeros(rows, 0, dtype=torch.long, device=device)

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Stores k and v [B, K, t, head_dim]; all keys, all values, and who sees whom [B, 1, t, length]."""
        place = self.positions[:, None, :, None].expand_as(k)
        self.keys.scatter_(2, place, k)
        self.values.scatter_(2, place, v)
        columns = torch.arange(self.keys.shape[2], device=k.device)
        return self.keys, self.values, (columns <= self.positions[..., None])[:, None]

    def keep(self, rows: Tensor) -> None:
        """Drops the rows that have ended."""
        self.keys, self.values = self.keys[rows], self.values[rows]


class MLP(nn.Module):
    def __init__(self, config: LlamaConfig):
        super().__init__()
        d, f = config.hidden_size, config.intermediate_size
        self.gate_proj = nn.Linear(d, f, bias=False)
        self.up_proj = nn.Linear(d, f, bias=False)
        self.down_proj = nn.Linear(f, d, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config: LlamaConfig):
        super().__init__()
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.mlp = MLP(config)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, past: Past | None = None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, past)
        return x + self.mlp(self.post_attention_layernorm(x))


class LlamaModel(nn.Module):
    def __init__(self, config: LlamaConfig):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)


class LlamaForCausalLM(nn.Module):
    def __init__(self, config: LlamaConfig):
        super().__init__()
        self.config = config
        self.model = LlamaModel(config)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                # Residual branches start small, so that depth does not blow up the stream.
                branch = name.endswith(("o_proj.weight", "down_proj.weight"))
                scale = (2 * config.num_hidden_layers) ** -0.5 if branch else 1.0
                nn.init.normal_(parameter, std=0.02 * scale if "embed" in name else
                                scale * parameter.shape[1] ** -0.5)

    def hidden_states(self, inputs_embeds: Tensor) -> Tensor:
        """[B, T, D] embeddings -> [B, T, D] states after the last norm."""
        cos, sin = rotary_tables(self.config, inputs_embeds.shape[1], inputs_embeds.device)
        x = inputs_embeds
        for layer in self.model.layers:
            x = layer(x, cos, sin)
        return self.model.norm(x)

    def continued(self, inputs_embeds: Tensor, positions: Tensor, pasts: list[Past]) -> Tensor:
        """As `hidden_states`, for embeddings [B, t, D] at `positions` [B, t] after what `pasts` holds."""
        length = pasts[0].keys.shape[2]
        cos, sin = rotary_tables(self.config, length, inputs_embeds.device)
        x = inputs_embeds
        for layer, past in zip(self.model.layers, pasts, strict=True):
            past.positions = positions
            x = layer(x, cos[positions][:, None], sin[positions][:, None], past)
        return self.model.norm(x)

    def logits(self, hidden_states: Tensor) -> Tensor:
        return F.linear(hidden_states, self.model.embed_tokens.weight)

    def forward(self, inputs_embeds: Tensor) -> Tensor:
        return self.logits(self.hidden_states(inputs_embeds))

    def loss(self, inputs_embeds: Tensor, labels: Tensor) -> Tensor:
        """Mean cross-entropy of `labels` [B, T] (-100: ignored), each predicted from the position before.

        Only labelled positions reach the LM head: most of a batch is prompt.
        """
        states, targets = self.hidden_states(inputs_embeds)[:, :-1], labels[:, 1:]
        keep = targets != -100
        return F.cross_entropy(self.logits(states[keep]).float(), targets[keep])
