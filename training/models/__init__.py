"""The networks of a bundle, in plain PyTorch, with the parameter names of their Hugging Face twins."""

from .alignment import Alignment, AlignmentConfig
from .bert import BertConfig, BertForMaskedLM
from .llama import LlamaConfig, LlamaForCausalLM, Past
from .lora import add_lora, lora_state, merge_lora
from .words import WordPieces

__all__ = [
    "Alignment",
    "AlignmentConfig",
    "BertConfig",
    "BertForMaskedLM",
    "LlamaConfig",
    "LlamaForCausalLM",
    "Past",
    "WordPieces",
    "add_lora",
    "lora_state",
    "merge_lora",
]
