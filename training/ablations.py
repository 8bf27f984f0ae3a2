"""What each part is for: `python ablations.py --out RUN [--data DIR] NAME ...` after `run.py --out RUN`.

A variant leaves something out or makes it otherwise, trains again what hangs on it, and exports a bundle of
its own to `<run>/ablations/<name>/export`, which `npm run bundle` and `npm run evaluate` take like any other.
Encoder and LLM are those of the run: what the encoder owes to word lists before stage 1 is not taken away. A
variant with another kind of alignment starts stage 1 from its own langbridge, since the encoder learned with none of that kind.
"""

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

import bridge_stages
import stages
from config import EMBEDDED, PRESETS
from encoder_stages import new_alignment, new_encoder
from export import export
from trainer import start_process


@dataclass(frozen=True)
class Variant:
    retrained: tuple[str, ...] = ()  # stages; the others are the run's
    stage1: bool = True
    labels: bool = True  # self-labelled low-resource text beside stage 1
    stage2: bool = True
    changes: dict = field(default_factory=dict)  # of the configuration


VARIANTS = {
    "no-stage1": Variant(("stage2-0",), stage1=False),
    "no-stage2": Variant(stage2=False),
    "linear": Variant(("langbridge", "stage1", "stage2-0"), changes=dict(alignment_kind="linear")),
    "lexicon-100": Variant(("stage1",), labels=False, stage2=False),
    "lexicon-30": Variant(("stage1",), labels=False, stage2=False, changes=dict(lexicon_share=0.3)),
    "lexicon-10": Variant(("stage1",), labels=False, stage2=False, changes=dict(lexicon_share=0.1)),
    "lexicon-3": Variant(("stage1",), labels=False, stage2=False, changes=dict(lexicon_share=0.03)),
}


def folder_of(run: Path, name: str, variant: Variant) -> Path:
    """A run's folder in which all but the retrained stages and their examples are the run's own."""
    folder = run / "ablations" / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in run.iterdir():
        theirs = path.suffix == ".npz" and not path.name.startswith("labelled-")
        link = folder / path.name
        if path.is_file() and path.stem not in variant.retrained and not theirs and not link.exists():
            link.symlink_to(path.resolve())
    return folder


def part_of(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The state of one module of a list."""
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def train(variant: Variant, run: stages.Run) -> Path:
    """Trains what is to be trained again and exports the bundle."""
    llm = stages.llm_so_far(run)
    encoder = new_encoder(run)
    last = run.folder / f"broadening-{len(run.config.broadening) - 1}.pt"
    state = torch.load(last, map_location=run.device, weights_only=True)
    encoder.load_state_dict(part_of(state, "0."))
    encoder.eval().requires_grad_(False)

    langbridge = bridge_stages.train_langbridge(run, encoder, llm)
    start = langbridge
    if run.config.alignment_kind == EMBEDDED.alignment_kind:
        start = new_alignment(run, llm, encoder)
        start.load_state_dict(part_of(state, "1."))
    stage1 = langbridge
    if variant.stage1:
        stage1 = bridge_stages.train_stage1(run, encoder, llm, start, variant.labels)
    adapted = bridge_stages.train_stage2(run, encoder, llm, stage1) if variant.stage2 else None
    return export(run, encoder, llm, adapted, langbridge, stage1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=sorted(PRESETS), default="embedded")
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished run")
    parser.add_argument("--data", type=Path, help="folder of the open texts")
    parser.add_argument("names", nargs="+", choices=VARIANTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    device = start_process()
    for name in arguments.names:
        variant = VARIANTS[name]
        config = replace(PRESETS[arguments.preset], **variant.changes)
        folder = folder_of(arguments.out, name, variant)
        print(name, "exported to", train(variant, stages.Run(config, folder, arguments.data, device)))


if __name__ == "__main__":
    main()
