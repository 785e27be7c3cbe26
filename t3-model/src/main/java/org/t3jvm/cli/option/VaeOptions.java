package org.t3jvm.cli.option;

import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Decoding;
import org.t3jvm.job.VideoJobBuilder;
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
  private @Nullable String mode;

  /**
   * Sets how the VAE computes, if the option says anything.
   *
   * @throws UsageException if the value is none of the option's
   */
  public void applyTo(VideoJobBuilder job) {
    if (mode != null) {
      job.decoding(decoding(mode));
    }
  }

  private static Decoding decoding(String given) {
    String value = given.toLowerCase(Locale.ROOT);
    if (value.equals(EXACT)) {
      return Decoding.EXACT;
    }
    if (value.equals(TILED)) {
      return new Decoding(Decoding.Mode.TILED, null);
    }
    try {
      if (value.startsWith(TILED + ":")) {
        Tiling tiling = Tiling.parse(value.substring(TILED.length() + 1));
        return new Decoding(
            Decoding.Mode.TILED,
            new Decoding.Tiles(
                tiling.rows(), tiling.columns(), tiling.strideRows(), tiling.strideColumns()));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s %s: %s".formatted(MODE, given, e.getMessage()));
    }
    throw new UsageException(
        "%s is '%s', must be exact, tiled or tiled with sizes, such as tiled:68x120/34x60"
            .formatted(MODE, given));
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
