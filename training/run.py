"""Trains a bundle end to end: `python run.py --out runs/embedded --data DIR`.

Stops and starts at will: finished stages are loaded, an unfinished one goes on from its checkpoint.
`--stage NAME` goes as far as that stage; without it come stage 2, the export and a report too. On a CPU
the LLM (`llm`, `practice`) and the encoder (`encoder` to `broadening`) can be trained side by side, one
core each, once the LLM has some thousand steps behind it. `torchrun --nproc-per-node N run.py ...`
spreads every stage over N processes.
"""

import argparse
import json
from pathlib import Path

import torch

import bridge_stages
import encoder_stages
import stages
from config import PRESETS
from evaluate import report
from export import export
from trainer import is_main, start_process

# Stages of the encoder, which may run while another process trains the LLM.
BESIDES = ("encoder", "tuning", "reading", "self_training", "broadening")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="embedded")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--data", type=Path, help="folder of the open texts; none: generated only")
    stages_of_a_run = ["tokenizers", "llm", "practice", *BESIDES, "langbridge", "stage1"]
    parser.add_argument("--stage", choices=stages_of_a_run, help="the last one to train")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    if arguments.stage:
        # Networks this small gain little from a second thread, much from a second stage beside them.
        torch.set_num_threads(1)
    run = stages.Run(PRESETS[arguments.preset], arguments.out, arguments.data, start_process())
    stages.train_tokenizers(run)
    if arguments.stage == "tokenizers":
        return
    besides = arguments.stage in BESIDES
    llm = stages.llm_so_far(run) if besides else stages.train_llm(run)
    if arguments.stage == "llm":
        return
    if arguments.stage == "practice":
        stages.practise(run, llm)
        return
    encoder, alignment = encoder_stages.train_encoder(run, llm)
    if arguments.stage == "encoder":
        return
    bridge_stages.tune_encoder(run, encoder, alignment, llm)
    if arguments.stage == "tuning":
        return
    bridge_stages.teach_reading(run, encoder, alignment, llm)
    if arguments.stage == "reading":
        return
    if not besides:
        llm = stages.practise(run, llm)
    bridge_stages.self_train_encoder(run, encoder, alignment, llm)
    if arguments.stage == "self_training":
        return
    encoder = bridge_stages.broaden_encoder(run, encoder, alignment, llm)
    if arguments.stage == "broadening":
        return
    langbridge = bridge_stages.train_langbridge(run, encoder, llm)
    if arguments.stage == "langbridge":
        return
    stage1 = bridge_stages.train_stage1(run, encoder, llm, alignment)
    if arguments.stage == "stage1":
        return
    adapted = bridge_stages.train_stage2(run, encoder, llm, stage1)
    if is_main():
        print("exported to", export(run, encoder, llm, adapted, langbridge, stage1), flush=True)
        results = report(run, encoder, llm, adapted, langbridge, stage1)
        (run.folder / "results.json").write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
