package org.t3jvm.model.lora;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of SPEC 14's table of names. */
class DiffusersDitTest {
  @ParameterizedTest
  @CsvSource({
    "blocks.7.attn1.to_q.weight, blocks.7.self_attn.q.weight",
    "blocks.7.attn1.to_k.bias, blocks.7.self_attn.k.bias",
    "blocks.7.attn1.to_v.weight, blocks.7.self_attn.v.weight",
    "blocks.7.attn1.to_out.0.bias, blocks.7.self_attn.o.bias",
    "blocks.12.attn1.norm_q.weight, blocks.12.self_attn.norm_q.weight",
    "blocks.12.attn2.norm_k.weight, blocks.12.cross_attn.norm_k.weight",
    "blocks.0.attn2.to_out.0.weight, blocks.0.cross_attn.o.weight",
    "blocks.0.ffn.net.0.proj.weight, blocks.0.ffn.0.weight",
    "blocks.0.ffn.net.2.bias, blocks.0.ffn.2.bias",
    "blocks.0.norm2.weight, blocks.0.norm3.weight",
    "blocks.0.scale_shift_table, blocks.0.modulation",
    "scale_shift_table, head.modulation",
    "proj_out.weight, head.head.weight",
    "condition_embedder.text_embedder.linear_1.weight, text_embedding.0.weight",
    "condition_embedder.text_embedder.linear_2.bias, text_embedding.2.bias",
    "condition_embedder.time_embedder.linear_1.bias, time_embedding.0.bias",
    "condition_embedder.time_embedder.linear_2.weight, time_embedding.2.weight",
    "condition_embedder.time_proj.weight, time_projection.1.weight",
    "patch_embedding.weight, patch_embedding.weight",
    "blocks.3.self_attn.q.weight, blocks.3.self_attn.q.weight"
  })
  void namesBecomeUpstreams(String diffusers, String upstream) {
    assertThat(DiffusersDit.toUpstream(diffusers)).isEqualTo(upstream);
  }
}
