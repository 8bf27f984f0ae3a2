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
from config import MAX_ENCODER_TOKENS
from models import Alignment, BertForMaskedLM, LlamaForCausalLM, Past
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
        return self.alignment.soft_prompt(self.encoder.bert, batch.source_ids, batch.source_mask)

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
def direct_prompt(llm: LlamaForCausalLM, question: list[int], instruction: list[int]) -> Tensor:
    """The LLM's input [T, d_llm] for a question that it reads itself; `question` ends with END."""
    ids = torch.tensor([vocab.BOS, *question, *instruction], device=llm.model.embed_tokens.weight.device)
    return llm.model.embed_tokens(ids)


@torch.no_grad()
def bridged_prompt(bridge: Bridge, question: list[int], instruction: list[int]) -> Tensor:
    """The LLM's input [T, d_llm] for a question in the encoder's tokens."""
    table = bridge.llm.model.embed_tokens
    device = table.weight.device
    source = torch.tensor([question[:MAX_ENCODER_TOKENS]], device=device)
    soft = bridge.alignment.soft_prompt(bridge.encoder.bert, source, torch.ones_like(source))[0]
    return torch.cat([table.weight[vocab.BOS][None], soft.float(), bridge.alignment.end_of_prompt[None],
                      table(torch.tensor(instruction, device=device))])


@torch.no_grad()
def greedy(
    llm: LlamaForCausalLM, prompts: list[Tensor], max_new_tokens: int = 96
) -> list[tuple[list[int], float]]:
    """Continues each prompt [T_i, D] greedily until EOS: the tokens, and their log-probability.

    No masks and no calculator: the runtime's decoder can only do better than this.
    """
    device, width = prompts[0].device, prompts[0].shape[1]
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
    longest = int(lengths.max())
    x = torch.zeros(len(prompts), longest, width, device=device)
    for row, prompt in enumerate(prompts):
        x[row, : len(prompt)] = prompt
    pasts = [Past(llm.config, len(prompts), longest + max_new_tokens, device)
             for _ in llm.model.layers]
    positions = torch.arange(longest, device=device).expand(len(prompts), -1)
    states = llm.continued(x, positions, pasts)
    states = states[torch.arange(len(prompts), device=device), lengths - 1]

    produced: list[list[int]] = [[] for _ in prompts]
    probability = torch.zeros(len(prompts), device=device)
    rows = torch.arange(len(prompts), device=device)  # the prompts that have not ended
    for _ in range(max_new_tokens):
        best, tokens = llm.logits(states).log_softmax(-1).max(-1)
        probability[rows] += best
        running = tokens != vocab.EOS
        if not running.all():
            tokens, rows, lengths = tokens[running], rows[running], lengths[running]
            for past in pasts:
                past.keep(running)
        if not len(rows):
            break
        for row, token in zip(rows.tolist(), tokens.tolist()):
            produced[row].append(token)
        embeds = llm.model.embed_tokens(tokens)[:, None]
        states = llm.continued(embeds, lengths[:, None], pasts)[:, 0]
        lengths = lengths + 1
    return list(zip(produced, probability.tolist(), strict=True))
