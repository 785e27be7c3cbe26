package org.t3jvm.model.lora;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that diffusers gives to a Wan DiT's tensors (SPEC 14). */
final class DiffusersDit {
  private static final Pattern IN_BLOCK = Pattern.compile("(blocks\\.\\d+\\.)(.+)");

  private static final Pattern ATTENTION =
      Pattern.compile("attn([12])\\.(?:to_([qkv])|to_(out)\\.0|(norm_[qk]))\\.(.+)");

  private static final Map<String, String> BLOCK_PREFIXES =
      Map.of("ffn.net.0.proj.", "ffn.0.", "ffn.net.2.", "ffn.2.", "norm2.", "norm3.");

  private static final Map<String, String> TOP_PREFIXES =
      Map.of(
          "proj_out.", "head.head.",
          "condition_embedder.text_embedder.linear_1.", "text_embedding.0.",
          "condition_embedder.text_embedder.linear_2.", "text_embedding.2.",
          "condition_embedder.time_embedder.linear_1.", "time_embedding.0.",
          "condition_embedder.time_embedder.linear_2.", "time_embedding.2.",
          "condition_embedder.time_proj.", "time_projection.1.");

  private static final String MODULATION = "scale_shift_table";

  private DiffusersDit() {}

  /** The upstream name of a tensor under its diffusers name; the name itself if it is none. */
  static String toUpstream(String name) {
    Matcher block = IN_BLOCK.matcher(name);
    if (block.matches()) {
      return block.group(1) + inBlock(block.group(2));
    }
    return name.equals(MODULATION) ? "head.modulation" : replaced(name, TOP_PREFIXES);
  }

  private static String inBlock(String name) {
    Matcher attention = ATTENTION.matcher(name);
    if (attention.matches()) {
      String which = attention.group(1).equals("1") ? "self_attn." : "cross_attn.";
      return which + projection(attention) + "." + attention.group(5);
    }
    return name.equals(MODULATION) ? "modulation" : replaced(name, BLOCK_PREFIXES);
  }

  private static String projection(Matcher attention) {
    if (attention.group(2) != null) {
      return attention.group(2);
    }
    return attention.group(3) != null ? "o" : attention.group(4);
  }

  private static String replaced(String name, Map<String, String> prefixes) {
    for (Map.Entry<String, String> prefix : prefixes.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        return prefix.getValue() + name.substring(prefix.getKey().length());
      }
    }
    return name;
  }
}
