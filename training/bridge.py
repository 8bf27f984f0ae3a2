"""Encoder -> alignment -> LLM as one differentiable function, and its greedy decoding.

Order of the LLM's input (docs/bundle-format.md): `[BOS][soft prompt][end of prompt][instruction]
[target]`. Rows of a batch have soft prompts of different lengths and are right-padded, so each row
is gathered from the concatenation `[BOS | soft | end | tail]` by an index made beforehand.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

import vocabularies as vocab
from models import Alignment, BertForMaskedLM, LlamaForCausalLM
from ragged import Ragged


@dataclass
class BridgeBatch:
    source_ids: Tensor  # [B, S]
    source_mask: Tensor  # [B, S]
    tail_ids: Tensor  # [B, T] instruction and target
    index: Tensor  # [B, L] into [BOS | soft S | end | tail T]
    labels: Tensor  # [B, L], -100 where nothing is learned


def bridge_batch(
    source: Ragged, prompt: Ragged, target: Ragged, rows: np.ndarray, device: torch.device
) -> BridgeBatch:
    source_ids = source.padded(rows, vocab.PAD)
    prompt_ids, target_ids = prompt.padded(rows, vocab.PAD), target.padded(rows, vocab.PAD)
    lengths = source.lengths[rows], prompt.lengths[rows], target.lengths[rows]
    s, p, t = (ids.shape[1] for ids in (source_ids, prompt_ids, target_ids))

    # Position by position: which part it belongs to, and where in the concatenation it is found.
    total = 2 + sum(lengths)
    column = np.arange(total.max())[None, :]
    soft_end, prompt_end = 1 + lengths[0][:, None], 2 + (lengths[0] + lengths[1])[:, None]
    in_prompt = (column > soft_end) & (column < prompt_end)
    in_target = (column >= prompt_end) & (column < total[:, None])
    index = np.where(column < soft_end, column, 1 + s)  # BOS and soft prompt, then its end
    index = np.where(in_prompt, 2 + s + column - soft_end - 1, index)
    index = np.where(in_target, 2 + s + p + column - prompt_end, index)
    tail_ids = np.concatenate([prompt_ids, target_ids], axis=1)
    tail_index = np.clip(index - 2 - s, 0, p + t - 1)
    labels = np.where(in_target, np.take_along_axis(tail_ids, tail_index, axis=1), -100)

    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(device, non_blocking=True)

    mask = np.arange(s)[None, :] < lengths[0][:, None]
    return BridgeBatch(tensor(source_ids), tensor(mask), tensor(tail_ids), tensor(index),
                       tensor(labels))


class Bridge(nn.Module):
    def __init__(self, encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM):
        super().__init__()
        self.encoder, self.alignment, self.llm = encoder, alignment, llm

    def soft_prompt(self, batch: BridgeBatch) -> Tensor:
        """[B, S, d_llm]; the encoder gets gradients only if its parameters want them."""
        return self.alignment(self.encoder.bert(batch.source_ids, batch.source_mask))

    def inputs_embeds(self, batch: BridgeBatch) -> Tensor:
        """[B, L, d_llm] in the order above."""
        table = self.llm.model.embed_tokens
        soft = self.soft_prompt(batch)
        rows = soft.shape[0]
        bos = table.weight[vocab.BOS].expand(rows, 1, -1)
        end = self.alignment.end_of_prompt.expand(rows, 1, -1)
        parts = torch.cat([bos, soft.type_as(bos), end, table(batch.tail_ids)], dim=1)
        return parts.gather(1, batch.index[..., None].expand(-1, -1, parts.shape[-1]))

    def loss(self, batch: BridgeBatch) -> Tensor:
        return self.llm.loss(self.inputs_embeds(batch), batch.labels)


@torch.no_grad()
def greedy(llm: LlamaForCausalLM, prompts: list[Tensor], max_new_tokens: int = 96) -> list[list[int]]:
    """Continues each prompt [T_i, D] greedily until EOS; plain recomputation, no cache.

    No masks and no calculator: the runtime's decoder can only do better than this.
    """
    device, width = prompts[0].device, prompts[0].shape[1]
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
    rows = torch.arange(len(prompts), device=device)
    x = torch.zeros(len(prompts), int(lengths.max()) + max_new_tokens, width, device=device)
    for row, prompt in enumerate(prompts):
        x[row, : len(prompt)] = prompt
    produced: list[list[int]] = [[] for _ in prompts]
    running = [True] * len(prompts)
    for _ in range(max_new_tokens):
        states = llm.hidden_states(x[:, : int(lengths.max())])
        tokens = llm.logits(states[rows, lengths - 1]).argmax(-1)
        x[rows, lengths] = llm.model.embed_tokens(tokens)
        lengths += 1
        for row, token in enumerate(tokens.tolist()):
            if running[row] and token != vocab.EOS:
                produced[row].append(token)
            else:
                running[row] = False
        if not any(running):
            break
    return produced
