"""Writes LoRA adapters of PEFT for the decoders of generate_encoders.py, with what transformers computes from the merged
models. Needs torch, transformers and peft.

adapters/NAME/          adapter_config.json and the matrices
adapters.safetensors    NAME: last hidden states of ids 4 to 23 by the base with that adapter; both: with first, then second
"""
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModel, AutoModelForCausalLM

here = pathlib.Path(__file__).parent
ADAPTERS = {
    # on a model with a head, whose names have a prefix
    "first": (AutoModelForCausalLM, LoraConfig(r=4, lora_alpha=12, target_modules=["q_proj", "v_proj", "down_proj"])),
    "second": (AutoModelForCausalLM, LoraConfig(
        r=3, lora_alpha=5, use_rslora=True, target_modules="all-linear", alpha_pattern={"o_proj": 9}, rank_pattern={"k_proj": 2},
        modules_to_save=["norm"])),
    # on the decoder alone, and on its table of vectors
    "table": (AutoModel, LoraConfig(r=2, lora_alpha=4, target_modules=["embed_tokens", "up_proj"], fan_in_fan_out=True)),
}


def states(model):
    for name in ("base_model", "model", "model"):
        model = getattr(model, name, model)
    with torch.no_grad():
        return model(input_ids=torch.arange(4, 24)[None]).last_hidden_state[0].contiguous()


if __name__ == "__main__":
    expected = {}
    for number, (name, (kind, config)) in enumerate(ADAPTERS.items()):
        torch.manual_seed(number)
        model = get_peft_model(kind.from_pretrained(here / "encoders" / "llama3"), config)
        for key, parameter in model.named_parameters():
            if "lora_" in key or "modules_to_save" in key:
                parameter.data += 0.3 * torch.randn_like(parameter)
        folder = here / "adapters" / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder, save_embedding_layers=False)
        (folder / "README.md").unlink()
        written = folder / "adapter_config.json"
        entries = {**json.loads(written.read_text()), "base_model_name_or_path": "llama3"}
        written.write_text(json.dumps(entries, indent=2) + "\n")
        expected[name] = states(model.merge_and_unload())
    model = AutoModelForCausalLM.from_pretrained(here / "encoders" / "llama3")
    for name in ("first", "second"):
        model = PeftModel.from_pretrained(model, here / "adapters" / name).merge_and_unload()
    expected["both"] = states(model)
    save_file(expected, here / "adapters.safetensors")
