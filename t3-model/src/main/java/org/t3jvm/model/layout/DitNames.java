package org.t3jvm.model.layout;

import org.t3jvm.loaders.names.NameMapping;

/** The DiT's modules as diffusers' {@code WanTransformer3DModel} names them (SPEC 14). */
final class DitNames {
  static final NameMapping DIFFUSERS = diffusers();

  private DitNames() {}

  private static NameMapping diffusers() {
    String time = "condition_embedder.time_embedder.linear_";
    String text = "condition_embedder.text_embedder.linear_";
    NameMapping.Builder names =
        NameMapping.builder()
            .rule("time_embedding.0", time + "1")
            .rule("time_embedding.2", time + "2")
            .rule("time_projection.1", "condition_embedder.time_proj")
            .rule("text_embedding.0", text + "1")
            .rule("text_embedding.2", text + "2")
            .rule("head.modulation", "scale_shift_table")
            .rule("head.head", "proj_out")
            .rule("blocks.#.modulation", "blocks.#.scale_shift_table")
            .rule("blocks.#.norm3", "blocks.#.norm2")
            .rule("blocks.#.ffn.0", "blocks.#.ffn.net.0.proj")
            .rule("blocks.#.ffn.2", "blocks.#.ffn.net.2");
    attention(names, "blocks.#.self_attn.", "blocks.#.attn1.");
    attention(names, "blocks.#.cross_attn.", "blocks.#.attn2.");
    return names.build();
  }

  private static void attention(NameMapping.Builder names, String ours, String theirs) {
    names
        .rule(ours + "q", theirs + "to_q")
        .rule(ours + "k", theirs + "to_k")
        .rule(ours + "v", theirs + "to_v")
        .rule(ours + "o", theirs + "to_out.0")
        .rule(ours + "norm_q", theirs + "norm_q")
        .rule(ours + "norm_k", theirs + "norm_k");
  }
}
