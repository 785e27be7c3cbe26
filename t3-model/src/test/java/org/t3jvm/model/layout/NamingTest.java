package org.t3jvm.model.layout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeFamily;

/** Every publisher's names, found among a file's tensors and turned into the original ones. */
class NamingTest {
  private static final FixtureSet SET = FixtureSet.bundled();

  /** The released models' names in their original order. */
  private static Set<String> originalNames(Naming naming) {
    return switch (naming) {
      case DIT_ORIGINAL, DIT_DIFFUSERS ->
          new DitConfig(16, 16, 1536, 12, 8960, 30, 256, 4096, 2, 2)
              .parameterShapes()
              .asMap()
              .keySet();
      case UMT5_ORIGINAL, UMT5_TRANSFORMERS, UMT5_GGUF ->
          new Umt5Config(256384, 4096, 4096, 10240, 64, 24, 32).parameterShapes().asMap().keySet();
      case VAE_ORIGINAL, VAE21_DIFFUSERS -> VaeConfig.wan21(96).parameterShapes().asMap().keySet();
      case TAEHV -> new VaeConfig(VaeFamily.TAEW22, 64, 64).parameterShapes().asMap().keySet();
      case VAE22_DIFFUSERS -> VaeConfig.wan22(160, 256).parameterShapes().asMap().keySet();
    };
  }

  private static Set<String> theirNames(Naming naming) {
    Set<String> names = new LinkedHashSet<>();
    originalNames(naming).forEach(name -> names.add(naming.mapping().toTheirs(name)));
    return names;
  }

  @ParameterizedTest
  @EnumSource
  void everyNameGoesThereAndBack(Naming naming) {
    Set<String> original = originalNames(naming);
    Set<String> theirs = theirNames(naming);
    assertThat(theirs).as("no two names fall together").hasSameSizeAs(original);
    assertThat(theirs.stream().map(naming.mapping()::toOurs)).containsExactlyElementsOf(original);
    assertThat(Part.findAll(theirs)).containsExactly(new PartNames(naming, ""));
    assertThat(Naming.of(naming.part(), naming.publisher(), original)).contains(naming);
  }

  @ParameterizedTest
  @EnumSource
  void namesAreFoundBehindAnyPrefix(Naming naming) {
    List<String> names = new ArrayList<>();
    theirNames(naming).forEach(name -> names.add("model.diffusion_model." + name));
    names.add("model_ema.decay");
    PartNames found = naming.part().find(names).orElseThrow();
    assertThat(found).isEqualTo(new PartNames(naming, "model.diffusion_model."));
    assertThat(found.description()).endsWith(" names after model.diffusion_model.");
    assertThat(found.toOriginal("model_ema.decay", names)).isNull();
    assertThat(names.stream().map(name -> found.toOriginal(name, names)).limit(names.size() - 1))
        .containsExactlyElementsOf(originalNames(naming));
  }

  @Test
  void everyPartOfOneFileIsFound() {
    List<String> names = new ArrayList<>();
    theirNames(Naming.DIT_ORIGINAL).forEach(name -> names.add("model.diffusion_model." + name));
    theirNames(Naming.UMT5_TRANSFORMERS)
        .forEach(name -> names.add("text_encoders.umt5xxl.transformer." + name));
    theirNames(Naming.VAE_ORIGINAL).forEach(name -> names.add("vae." + name));
    assertThat(Part.findAll(names))
        .containsExactly(
            new PartNames(Naming.DIT_ORIGINAL, "model.diffusion_model."),
            new PartNames(Naming.UMT5_TRANSFORMERS, "text_encoders.umt5xxl.transformer."),
            new PartNames(Naming.VAE_ORIGINAL, "vae."));
  }

  /** Both names of the same tensor, as the publishers' own files have them. */
  @ParameterizedTest
  @CsvSource({
    "DIT_DIFFUSERS, blocks.29.self_attn.o.bias, blocks.29.attn1.to_out.0.bias",
    "DIT_DIFFUSERS, blocks.0.cross_attn.norm_k.weight, blocks.0.attn2.norm_k.weight",
    "DIT_DIFFUSERS, blocks.7.norm3.bias, blocks.7.norm2.bias",
    "DIT_DIFFUSERS, blocks.7.modulation, blocks.7.scale_shift_table",
    "DIT_DIFFUSERS, head.modulation, scale_shift_table",
    "DIT_DIFFUSERS, time_projection.1.bias, condition_embedder.time_proj.bias",
    "DIT_DIFFUSERS, patch_embedding.weight, patch_embedding.weight",
    "UMT5_TRANSFORMERS, token_embedding.weight, shared.weight",
    "UMT5_TRANSFORMERS, blocks.3.norm1.weight, encoder.block.3.layer.0.layer_norm.weight",
    "UMT5_TRANSFORMERS, blocks.3.norm2.weight, encoder.block.3.layer.1.layer_norm.weight",
    "UMT5_TRANSFORMERS, blocks.3.ffn.gate.0.weight,"
        + " encoder.block.3.layer.1.DenseReluDense.wi_0.weight",
    "UMT5_TRANSFORMERS, blocks.3.ffn.fc1.weight,"
        + " encoder.block.3.layer.1.DenseReluDense.wi_1.weight",
    "UMT5_TRANSFORMERS, blocks.3.ffn.fc2.weight, encoder.block.3.layer.1.DenseReluDense.wo.weight",
    "UMT5_TRANSFORMERS, blocks.23.pos_embedding.embedding.weight,"
        + " encoder.block.23.layer.0.SelfAttention.relative_attention_bias.weight",
    "UMT5_TRANSFORMERS, norm.weight, encoder.final_layer_norm.weight",
    "VAE21_DIFFUSERS, conv1.weight, quant_conv.weight",
    "VAE21_DIFFUSERS, conv2.bias, post_quant_conv.bias",
    "VAE21_DIFFUSERS, encoder.conv1.weight, encoder.conv_in.weight",
    "VAE21_DIFFUSERS, encoder.downsamples.3.shortcut.bias,"
        + " encoder.down_blocks.3.conv_shortcut.bias",
    "VAE21_DIFFUSERS, encoder.downsamples.5.time_conv.weight,"
        + " encoder.down_blocks.5.time_conv.weight",
    "VAE21_DIFFUSERS, encoder.middle.1.to_qkv.weight, encoder.mid_block.attentions.0.to_qkv.weight",
    "VAE21_DIFFUSERS, encoder.middle.2.residual.6.bias, encoder.mid_block.resnets.1.conv2.bias",
    "VAE21_DIFFUSERS, decoder.upsamples.4.shortcut.weight,"
        + " decoder.up_blocks.1.resnets.0.conv_shortcut.weight",
    "VAE21_DIFFUSERS, decoder.upsamples.7.time_conv.weight,"
        + " decoder.up_blocks.1.upsamplers.0.time_conv.weight",
    "VAE21_DIFFUSERS, decoder.upsamples.11.resample.1.bias,"
        + " decoder.up_blocks.2.upsamplers.0.resample.1.bias",
    "VAE21_DIFFUSERS, decoder.upsamples.14.residual.3.gamma,"
        + " decoder.up_blocks.3.resnets.2.norm2.gamma",
    "VAE21_DIFFUSERS, decoder.head.0.gamma, decoder.norm_out.gamma",
    "VAE22_DIFFUSERS, encoder.downsamples.1.downsamples.0.shortcut.weight,"
        + " encoder.down_blocks.1.resnets.0.conv_shortcut.weight",
    "VAE22_DIFFUSERS, encoder.downsamples.2.downsamples.2.time_conv.bias,"
        + " encoder.down_blocks.2.downsampler.time_conv.bias",
    "VAE22_DIFFUSERS, decoder.upsamples.0.upsamples.3.resample.1.weight,"
        + " decoder.up_blocks.0.upsampler.resample.1.weight",
    "VAE22_DIFFUSERS, decoder.upsamples.3.upsamples.2.residual.2.weight,"
        + " decoder.up_blocks.3.resnets.2.conv1.weight",
    "VAE22_DIFFUSERS, decoder.head.2.weight, decoder.conv_out.weight"
  })
  void publishersNamesAreKnown(Naming naming, String original, String theirs) {
    assertThat(originalNames(naming)).contains(original);
    assertThat(naming.mapping().toTheirs(original)).isEqualTo(theirs);
    assertThat(naming.mapping().toOurs(theirs)).isEqualTo(original);
  }

  @Test
  void diffusersNamesOfTheReferenceAreThoseOfTheOriginalShards() throws IOException {
    try (Checkpoint original = Checkpoints.open(SET.named("dit5b").weights(false));
        Checkpoint diffusers = Part.DIT.of(Checkpoints.open(SET.named("dit5b").weights(true)))) {
      assertThat(diffusers.entries().keySet())
          .containsExactlyInAnyOrderElementsOf(original.entries().keySet());
      for (String name : original.entries().keySet()) {
        assertThat(diffusers.info(name).shape()).isEqualTo(original.info(name).shape());
      }
    }
  }

  @Test
  void anEmbeddingThatIsSavedTwiceIsTakenOnce() {
    Set<String> names = theirNames(Naming.UMT5_TRANSFORMERS);
    names.add("encoder.embed_tokens.weight");
    PartNames found = Part.TEXT_ENCODER.find(names).orElseThrow();
    assertThat(found.toOriginal("encoder.embed_tokens.weight", names)).isNull();
    names.remove("shared.weight");
    assertThat(found.toOriginal("encoder.embed_tokens.weight", names))
        .isEqualTo("token_embedding.weight");
    assertThat(requireNonNull(found.toOriginal("encoder.final_layer_norm.weight", names)))
        .isEqualTo("norm.weight");
  }
}
