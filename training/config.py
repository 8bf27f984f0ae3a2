"""Every size, budget and seed of a training run, in one place.

`embedded` is what the page ships: about ten hours on two CPU cores. `smoke` proves
in a few minutes that every stage runs.
"""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Stage:
    """Budget of one training stage. A step sees `batch_tokens` padded positions."""

    steps: int
    batch_tokens: int
    learning_rate: float
    warmup: int = 100
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Config:
    seed: int = 20261121
    # High-resource languages may use parallel text; the others only monolingual text and a lexicon.
    high_resource: tuple[str, ...] = ("en", "es", "fr", "de", "pt", "ru", "zh", "ja", "ar")
    low_resource: tuple[str, ...] = (
        "ko", "th", "vi", "id", "hi", "bn", "te", "tr", "sw", "yo", "am",
    )
    lexicon_share: float = 1.0  # of the lines of every word list; ablations take fewer
    question_slots: int = 16
    result_slots: int = 16

    llm_vocabulary: int = 4096
    encoder_vocabulary: int = 16384
    encoder_sizes: dict = field(
        default_factory=lambda: dict(hidden_size=256, num_hidden_layers=4, intermediate_size=1024,
                                     num_attention_heads=8)
    )
    # Heads of 32: narrower ones have had decoding races on WebGPU.
    llm_sizes: dict = field(
        default_factory=lambda: dict(hidden_size=192, num_hidden_layers=8, intermediate_size=512,
                                     num_attention_heads=6, num_key_value_heads=2)
    )
    llm_first_layers: int = 5  # of the LLM's first stage; the others are put between before the second
    alignment_kind: str = "mlp"
    alignment_hidden: int = 768
    lora_rank: int = 16
    lora_alpha: float = 32.0

    # Generated examples; stages run over them as often as their steps need.
    llm_examples: int = 200_000
    # Shares of English and high-resource problems; the rest is generated. Open sets need a data folder.
    everyday_share: float = 0.45
    open_share: float = 0.2
    practice_everyday_share: float = 0.6  # from the second round on
    # Fewer and none for the bridge: what an LLM this small cannot solve teaches the encoder noise through
    # it (a share of 0.3 of open problems: 86 -> 77 % in an earlier bundle).
    bridge_everyday_share: float = 0.65
    bridge_open_share: float = 0.0
    reasoning_examples: int = 250_000
    encoder_sentences_per_language: int = 12_000
    encoder_pairs_per_language: int = 9_000
    anchor_examples: int = 100_000
    reading_examples: int = 150_000
    tuning_examples: int = 100_000
    broadening_examples: int = 100_000  # of a round
    alignment_examples: int = 30_000  # for langbridge and for stage 1
    stage2_examples: int = 60_000  # of a round
    gloss_reader_examples: int = 80_000
    self_training_examples: int = 250_000  # of a round
    self_training_questions: int = 1750  # monolingual, per low-resource language and round: all by hand, and some
    evaluation_items: int = 50

    # Small batches learn more per position here: 4 k positions a step were slower than 1.5 k.
    llm: Stage = Stage(7600, 1536, 2e-3, warmup=100, weight_decay=0.05)
    reasoning: Stage = Stage(14_000, 1536, 1e-3, warmup=50, weight_decay=0.05)
    practice: tuple[Stage, ...] = (
        Stage(9000, 1536, 6e-4, warmup=50, weight_decay=0.05),
        Stage(9000, 1536, 6e-4, warmup=50, weight_decay=0.05),
        Stage(5000, 1536, 4e-4, warmup=50, weight_decay=0.05),
        Stage(4000, 1536, 4e-4, warmup=50, weight_decay=0.05),
        Stage(2200, 1536, 4e-4, warmup=50, weight_decay=0.05),
        Stage(7000, 1536, 5e-4, warmup=50, weight_decay=0.05),
    )
    practice_branches: tuple[Stage, ...] = (
        Stage(5000, 1536, 5e-4, warmup=50, weight_decay=0.05),
        Stage(5000, 1536, 5e-4, warmup=50, weight_decay=0.05),
    )
    encoder: Stage = Stage(4000, 3072, 1e-3, warmup=50, weight_decay=0.01)
    # Above 3e-4 the LLM's first gradients undo what the anchors have taught.
    tuning: Stage = Stage(4500, 2048, 3e-4, warmup=60)
    reading: Stage = Stage(3300, 3072, 5e-4, warmup=50)
    gloss_reader: Stage = Stage(1000, 1536, 5e-4, warmup=50, weight_decay=0.01)
    self_training: tuple[Stage, ...] = (
        Stage(5000, 2048, 3e-4, warmup=60),
        Stage(3000, 2048, 3e-4, warmup=60),
    )
    # The second round has labels of its own bridge beside.
    broadening: tuple[Stage, ...] = (
        Stage(2700, 2048, 3e-4, warmup=60),
        Stage(3000, 2048, 3e-4, warmup=60),
        Stage(1500, 2048, 3e-4, warmup=60),
        Stage(4300, 2048, 4e-4, warmup=60),
        Stage(2400, 2048, 4e-4, warmup=60),
        Stage(3200, 2048, 4e-4, warmup=60),
    )
    langbridge: Stage = Stage(1000, 2048, 2e-3, warmup=20)
    stage1: Stage = Stage(1500, 2048, 2e-3, warmup=20)
    stage2: tuple[Stage, ...] = (Stage(2000, 2048, 1e-3, warmup=20),)

    @property
    def languages(self) -> tuple[str, ...]:
        return self.high_resource + self.low_resource


EMBEDDED = Config()

PRESETS = {
    "embedded": EMBEDDED,
    "smoke": replace(
        EMBEDDED,
        llm_vocabulary=1024,
        encoder_vocabulary=2048,
        encoder_sizes=dict(hidden_size=64, num_hidden_layers=2, intermediate_size=128,
                           num_attention_heads=2),
        llm_sizes=dict(hidden_size=64, num_hidden_layers=2, intermediate_size=128,
                       num_attention_heads=2, num_key_value_heads=1),
        llm_first_layers=1,
        alignment_hidden=64,
        llm_examples=1500,
        reasoning_examples=500,
        encoder_sentences_per_language=400,
        encoder_pairs_per_language=200,
        anchor_examples=600,
        reading_examples=600,
        tuning_examples=600,
        broadening_examples=600,
        alignment_examples=600,
        stage2_examples=600,
        self_training_examples=600,
        self_training_questions=250,
        evaluation_items=20,
        llm=replace(EMBEDDED.llm, steps=30, batch_tokens=2048),
        reasoning=replace(EMBEDDED.reasoning, steps=10, batch_tokens=2048),
        practice=(Stage(10, 2048, 6e-4), Stage(10, 2048, 6e-4)),
        practice_branches=(Stage(10, 2048, 6e-4), Stage(10, 2048, 6e-4)),
        encoder=replace(EMBEDDED.encoder, steps=30, batch_tokens=2048),
        tuning=replace(EMBEDDED.tuning, steps=10, batch_tokens=2048),
        reading=replace(EMBEDDED.reading, steps=10, batch_tokens=2048),
        gloss_reader_examples=500,
        gloss_reader=replace(EMBEDDED.gloss_reader, steps=10, batch_tokens=2048),
        self_training=(Stage(10, 2048, 1e-3),),
        broadening=(Stage(10, 2048, 3e-4), Stage(10, 2048, 3e-4)),
        langbridge=replace(EMBEDDED.langbridge, steps=10, batch_tokens=2048),
        stage1=replace(EMBEDDED.stage1, steps=10, batch_tokens=2048),
        stage2=(Stage(10, 2048, 1e-3),),
    ),
}

# The texts of bundle.json's `prompts`. The LLM learns them in pre-training, the alignments rely on them.
SOLVE = "Solve the following math problem:"
TRANSLATE = "Translate the following code-switched {language} sentence to pure English:"
END = "<|end|>"

# Positions that the encoder reads, `<s>` and `</s>` included: bundle.json's `limits.maxEncoderTokens`.
MAX_ENCODER_TOKENS = 250

# Names of languages for the translation instruction: those of the bundle and others, so that a
# language which is taught later is no surprise.
LANGUAGE_NAMES = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese",
    "ru": "Russian", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "th": "Thai",
    "vi": "Vietnamese", "id": "Indonesian", "hi": "Hindi", "bn": "Bengali", "te": "Telugu",
    "ar": "Arabic", "tr": "Turkish", "sw": "Swahili", "yo": "Yoruba", "am": "Amharic",
    "eo": "Esperanto", "ht": "Haitian Creole",
}
OWN_NAMES = {
    "en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "pt": "Português",
    "ru": "Русский", "zh": "中文", "ja": "日本語", "ko": "한국어", "th": "ไทย", "vi": "Tiếng Việt",
    "id": "Bahasa Indonesia", "hi": "हिन्दी", "bn": "বাংলা", "te": "తెలుగు", "ar": "العربية",
    "tr": "Türkçe", "sw": "Kiswahili", "yo": "Yorùbá", "am": "አማርኛ",
}
