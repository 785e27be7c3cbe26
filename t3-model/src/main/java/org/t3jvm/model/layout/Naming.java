package org.t3jvm.model.layout;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.t3jvm.loaders.names.NameMapping;

/**
 * The names that a publisher gives to one part's tensors. Each is told by two tensors that no other
 * naming has both of: they may stand behind any prefix, the same for both.
 */
public enum Naming {
  DIT_ORIGINAL(
      Part.DIT, "original", NameMapping.NONE, "time_embedding.0.weight", "head.head.weight"),
  DIT_DIFFUSERS(
      Part.DIT,
      "diffusers",
      DitNames.DIFFUSERS,
      "condition_embedder.time_embedder.linear_1.weight",
      "proj_out.weight"),
  UMT5_ORIGINAL(
      Part.TEXT_ENCODER,
      "original",
      NameMapping.NONE,
      "token_embedding.weight",
      "blocks.0.attn.q.weight"),
  UMT5_TRANSFORMERS(
      Part.TEXT_ENCODER,
      "diffusers",
      Umt5Names.TRANSFORMERS,
      "encoder.block.0.layer.0.SelfAttention.q.weight",
      "encoder.final_layer_norm.weight"),
  UMT5_GGUF(
      Part.TEXT_ENCODER, "gguf", Umt5Names.GGUF, "token_embd.weight", "enc.blk.0.attn_q.weight"),
  VAE_ORIGINAL(
      Part.VAE, "original", NameMapping.NONE, "encoder.conv1.weight", "decoder.head.2.weight"),
  VAE21_DIFFUSERS(
      Part.VAE,
      "diffusers",
      VaeNames.WAN21_DIFFUSERS,
      "encoder.conv_in.weight",
      "encoder.down_blocks.0.norm1.gamma"),
  VAE22_DIFFUSERS(
      Part.VAE,
      "diffusers",
      VaeNames.WAN22_DIFFUSERS,
      "encoder.conv_in.weight",
      "encoder.down_blocks.0.resnets.0.norm1.gamma"),
  TAEHV(Part.VAE, "original", NameMapping.NONE, "decoder.3.conv.0.weight", "decoder.1.weight");

  private final Part part;
  private final String publisher;

  @SuppressWarnings("ImmutableEnumChecker") // a mapping copies its rules
  private final NameMapping mapping;

  private final String mark;
  private final String secondMark;

  Naming(Part part, String publisher, NameMapping mapping, String mark, String secondMark) {
    this.part = part;
    this.publisher = publisher;
    this.mapping = mapping;
    this.mark = mark;
    this.secondMark = secondMark;
  }

  public Part part() {
    return part;
  }

  /** {@code original}, or {@code diffusers} for what its model folders hold. */
  public String publisher() {
    return publisher;
  }

  /** Original names, ours, and this naming's. */
  public NameMapping mapping() {
    return mapping;
  }

  /** True if tensors are named as the original releases name them. */
  public boolean isOriginal() {
    return mapping == NameMapping.NONE;
  }

  /**
   * The naming of a publisher that can name the tensors of one part.
   *
   * @param originalNames the part's tensors under their original names
   */
  public static Optional<Naming> of(Part part, String publisher, Collection<String> originalNames) {
    return Arrays.stream(values())
        .filter(each -> each.part == part && each.publisher.equals(publisher))
        .filter(each -> originalNames.contains(each.mapping.toOurs(each.secondMark)))
        .findFirst();
  }

  /** Where tensors of this naming are among these names. */
  Optional<PartNames> find(Collection<String> names) {
    return names.stream()
        .filter(name -> name.equals(mark) || name.endsWith("." + mark))
        .map(name -> name.substring(0, name.length() - mark.length()))
        .filter(prefix -> names.contains(prefix + secondMark))
        .min(Comparator.comparingInt(String::length))
        .map(prefix -> new PartNames(this, prefix));
  }

  /** True for a tensor that repeats another one of {@code names}, or another file. */
  boolean isCopy(String name, Predicate<String> names) {
    return part == Part.TEXT_ENCODER
        && (name.equals(Umt5Names.TOKENIZER)
            || (this == UMT5_TRANSFORMERS
                && name.equals(Umt5Names.TIED_EMBEDDING)
                && names.test(Umt5Names.EMBEDDING)));
  }
}
