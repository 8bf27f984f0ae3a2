"""Digests of encoders that are exported with their head for masked words, which the twins of maskedLm.ts are checked against.

    python tests/twins/record_masked_lm.py FOLDER_FOR_THE_EXPORTS

writes tests/twins/digests/masked-lm.json: what is in such a graph, and in the graphs that ONNX Runtime's tools make of it. The
head's matrix is a copy of the table here, as the exporter leaves it.

Needs what record.py needs.
"""

import json
import sys

import transformers
from digest import digest
from exporter import export_encoder, patch_transformers, unlike_each_other
from quantizers import variants
from record import bert_inputs, encoder, encoder_sizes, here

models = {
    "mbert": (transformers.BertForMaskedLM, transformers.BertConfig, bert_inputs, dict(type_vocab_size=2)),
    "xlm-roberta-base": (
        transformers.XLMRobertaForMaskedLM, transformers.XLMRobertaConfig, bert_inputs[:2],
        dict(type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5),
    ),  # fmt: skip
}


def main(folder):
    patch_transformers()
    sizes = encoder_sizes[2]
    digests = {}
    for name, (model_class, config_class, inputs, more) in models.items():
        model = unlike_each_other(encoder(model_class, config_class, inputs, **more)["make"](sizes))
        path = f"{folder}/{name}-masked-lm.onnx"
        export_encoder(model, path, inputs, "logits")
        files = variants(path, is_decoder=False)
        digests[name] = {"sizes": sizes, "files": {form: digest(graph) for form, graph in files}}
    with open(f"{here}/digests/masked-lm.json", "w") as out:
        json.dump(digests, out, indent=2)
        out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
