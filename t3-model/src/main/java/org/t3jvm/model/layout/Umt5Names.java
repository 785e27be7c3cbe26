package org.t3jvm.model.layout;

import org.t3jvm.loaders.names.NameMapping;

/** The text encoder's modules as transformers' {@code UMT5EncoderModel} names them. */
final class Umt5Names {
  /** The table of embeddings. */
  static final String EMBEDDING = "shared.weight";

  /** The same table once more, in files that were saved with it. */
  static final String TIED_EMBEDDING = "encoder.embed_tokens.weight";

  /** The tokenizer's file as a tensor of bytes, which ComfyUI's files have. */
  static final String TOKENIZER = "spiece_model";

  static final NameMapping TRANSFORMERS = transformers();

  static final NameMapping GGUF = gguf();

  private Umt5Names() {}

  /** Names of GGUF files, which count the encoder's blocks as {@code enc.blk.#}. */
  private static NameMapping gguf() {
    NameMapping.Builder names =
        NameMapping.builder()
            .rule("token_embedding", "token_embd")
            .rule("norm", "enc.output_norm")
            .rule("blocks.#.norm1", "enc.blk.#.attn_norm")
            .rule("blocks.#.norm2", "enc.blk.#.ffn_norm")
            .rule("blocks.#.pos_embedding.embedding", "enc.blk.#.attn_rel_b")
            .rule("blocks.#.ffn.gate.0", "enc.blk.#.ffn_gate")
            .rule("blocks.#.ffn.fc1", "enc.blk.#.ffn_up")
            .rule("blocks.#.ffn.fc2", "enc.blk.#.ffn_down");
    for (String projection : new String[] {"q", "k", "v", "o"}) {
      names.rule("blocks.#.attn." + projection, "enc.blk.#.attn_" + projection);
    }
    return names.build();
  }

  private static NameMapping transformers() {
    String attention = "encoder.block.#.layer.0.";
    String feedForward = "encoder.block.#.layer.1.";
    NameMapping.Builder names =
        NameMapping.builder()
            .rule("token_embedding", "shared")
            .rule("token_embedding", "encoder.embed_tokens")
            .rule("norm", "encoder.final_layer_norm")
            .rule("blocks.#.norm1", attention + "layer_norm")
            .rule("blocks.#.norm2", feedForward + "layer_norm")
            .rule(
                "blocks.#.pos_embedding.embedding",
                attention + "SelfAttention.relative_attention_bias")
            .rule("blocks.#.ffn.gate.0", feedForward + "DenseReluDense.wi_0")
            .rule("blocks.#.ffn.fc1", feedForward + "DenseReluDense.wi_1")
            .rule("blocks.#.ffn.fc2", feedForward + "DenseReluDense.wo");
    for (String projection : new String[] {"q", "k", "v", "o"}) {
      names.rule("blocks.#.attn." + projection, attention + "SelfAttention." + projection);
    }
    return names.build();
  }
}
