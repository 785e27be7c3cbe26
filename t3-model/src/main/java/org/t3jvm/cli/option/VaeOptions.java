package org.t3jvm.cli.option;

import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.vae.tile.Tiling;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options that say how the VAE computes. */
public final class VaeOptions {
  private static final String MODE = "--vae-mode";
  private static final String EXACT = "exact";
  private static final String TILED = "tiled";

  @Option(
      names = MODE,
      paramLabel = "exact|tiled[:SIZE/STRIDE]",
      description =
          "Exact values, or upstream's blended tiles for comparison, which take more work and show"
              + " seams; rows x columns of latent cells (default: exact; sizes as upstream's:"
              + " 68x120/34x60 with T3 attention, else 30x52/15x26). Also --vae exact, --vae"
              + " tiled.")
  private String mode = EXACT;

  /**
   * {@code request} with these settings.
   *
   * @throws UsageException if the value is none of the option's
   */
  public GenerationRequest applyTo(GenerationRequest request) {
    return request.withTiling(tiling(request));
  }

  private @Nullable Tiling tiling(GenerationRequest request) {
    String value = mode.toLowerCase(Locale.ROOT);
    if (value.equals(EXACT)) {
      return null;
    }
    if (value.equals(TILED)) {
      return request.attention() instanceof T3Windows ? Tiling.T3_VIDEO : Tiling.PIPELINE;
    }
    try {
      if (value.startsWith(TILED + ":")) {
        return Tiling.parse(value.substring(TILED.length() + 1));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s %s: %s".formatted(MODE, mode, e.getMessage()));
    }
    throw new UsageException(
        "%s is '%s', must be exact, tiled or tiled with sizes, such as tiled:68x120/34x60"
            .formatted(MODE, mode));
  }

  /** How the VAE computes, as a part of a line; empty for exact values. */
  public static String description(GenerationRequest request) {
    Tiling tiling = request.tiling();
    return tiling == null ? "" : ", VAE in tiles of " + tiling;
  }

  /** Takes {@code --vae exact} and {@code --vae tiled}, which are no files, for this option. */
  public static final class OfVae implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete")
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      String value = args.isEmpty() ? "" : args.peek().toLowerCase(Locale.ROOT);
      boolean mode = value.equals(EXACT) || value.equals(TILED) || value.startsWith(TILED + ":");
      if (!mode || command.findOption(MODE) == null) {
        return false;
      }
      args.push(MODE + "=" + args.pop());
      return true;
    }
  }
}
