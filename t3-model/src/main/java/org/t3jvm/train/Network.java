package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Attention;

/**
 * The sizes of what is made from nothing. What is null has its sizes and weights from the model
 * that the training starts from.
 *
 * @param vae the autoencoder
 * @param dit the transformer
 * @param text the text encoder, whose vocabulary is that of the tokenizer
 * @param trainText whether the text encoder is trained together with the transformer
 * @param attention of the transformer's tokens to each other; full if null, windows for a retrofit
 * @param lora the change that is trained in place of all weights
 */
public record Network(
    @Nullable VaeSizes vae,
    @Nullable DitSizes dit,
    @Nullable TextSizes text,
    Boolean trainText,
    @Nullable Attention attention,
    @Nullable LoraSizes lora) {
  /** All from the model that the training starts from. */
  public static final Network GIVEN = new Network(null, null, null, false, null, null);

  /**
   * An autoencoder of Wan2.1's structure (SPEC 6).
   *
   * @param encoderWidth channels of the encoder's finest stage
   * @param decoderWidth channels of the decoder's finest stage
   */
  public record VaeSizes(int encoderWidth, int decoderWidth) {
    public VaeSizes {
      require(encoderWidth >= 1, "network.vae.encoderWidth", encoderWidth, "at least 1");
      require(decoderWidth >= 1, "network.vae.decoderWidth", decoderWidth, "at least 1");
    }
  }

  /**
   * A transformer for latents of 16 channels (SPEC 4).
   *
   * @param dim width of the residual stream
   * @param heads of attention
   * @param ffn width of the feed-forward's hidden layer
   * @param layers blocks
   * @param freqDim columns of the timestep's sinusoid
   */
  public record DitSizes(int dim, int heads, int ffn, int layers, int freqDim) {
    public DitSizes {
      require(
          heads >= 1 && dim >= 1 && dim % heads == 0 && dim / heads % 2 == 0,
          "network.dit.dim",
          dim,
          "heads of an even width each");
      require(ffn >= 1, "network.dit.ffn", ffn, "at least 1");
      require(layers >= 1, "network.dit.layers", layers, "at least 1");
      require(freqDim >= 2 && freqDim % 2 == 0, "network.dit.freqDim", freqDim, "even");
    }
  }

  /**
   * A UMT5 encoder (SPEC 3).
   *
   * @param dim width of the residual stream, which is also that of q, k and v
   * @param ffn width of the gated feed-forward's hidden layer
   * @param heads of attention
   * @param layers blocks
   */
  public record TextSizes(int dim, int ffn, int heads, int layers) {
    public TextSizes {
      require(
          heads >= 1 && dim >= 1 && dim % heads == 0,
          "network.text.dim",
          dim,
          "heads of one width");
      require(ffn >= 1, "network.text.ffn", ffn, "at least 1");
      require(layers >= 1, "network.text.layers", layers, "at least 1");
    }
  }

  /**
   * A LoRA.
   *
   * @param rank of the change of each layer
   * @param alpha scales the change, over the rank; null for the rank
   * @param targets names of the linear layers, or ends of them, such as {@code q} and {@code ffn.0}
   * @param relay which stage of ViBe the LoRA is; null for none
   */
  public record LoraSizes(
      int rank, @Nullable Float alpha, List<String> targets, @Nullable Relay relay) {
    public LoraSizes {
      require(rank >= 1, "network.lora.rank", rank, "at least 1");
      targets =
          targets == null || targets.isEmpty()
              ? List.of("q", "k", "v", "o", "ffn.0", "ffn.2")
              : List.copyOf(targets);
    }
  }

  /**
   * A stage of ViBe's Relay LoRA (SPEC 21.1).
   *
   * @param second whether it is the second stage; null for whether there is a first one's LoRA
   * @param first the first stage's LoRA, which the second stage's is trained over and does not
   *     hold; null of the first stage, and to train the second one over the model's own weights
   * @param baseHeight pixels of the video that inference enlarges, whose half is the reach of the
   *     second stage's windows; null for the model's native size
   * @param baseWidth as {@code baseHeight}
   * @param pooling side of the squares of tokens whose keys the second stage pools
   * @param hfato whether the second stage learns sharp latents from noised blurred ones (SPEC
   *     21.2), else velocities as the first one; null for true
   */
  public record Relay(
      Boolean second,
      @Nullable Path first,
      @Nullable Integer baseHeight,
      @Nullable Integer baseWidth,
      int pooling,
      Boolean hfato) {
    public Relay {
      second = second == null ? Boolean.valueOf(first != null) : second;
      hfato = hfato == null ? Boolean.TRUE : hfato;
      require(
          second || first == null,
          "network.lora.relay.first",
          String.valueOf(first),
          "missing of a first stage");
      require(pooling >= 1, "network.lora.relay.pooling", pooling, "at least 1");
      require(
          (baseHeight == null) == (baseWidth == null),
          "network.lora.relay.baseWidth",
          baseWidth == null ? "missing" : baseWidth,
          "given together with network.lora.relay.baseHeight");
    }
  }

  /** The stage of ViBe that is trained, if one is. */
  public @Nullable Relay relay() {
    return lora == null ? null : lora.relay();
  }

  /** Without a word on it, the text encoder stays as it is. */
  public Network {
    trainText = trainText == null ? Boolean.FALSE : trainText;
  }

  /** The same with the text encoder trained. */
  public Network withText() {
    return new Network(vae, dit, text, true, attention, lora);
  }
}
