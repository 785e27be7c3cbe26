package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say how latents are denoised, and what they start from. */
public final class SamplingOptions {
  private static final float DEFAULT_STRENGTH = 0.7f;

  @Option(
      names = "--sampler",
      paramLabel = "euler|unipc|dpm++|dmd",
      converter = SamplerNames.class,
      description =
          "Solver of the denoising steps; dmd is for models distilled to a few, such as FastWan"
              + " (default: ${DEFAULT-VALUE}).")
  private Sampler sampler = Sampler.EULER;

  @Option(
      names = "--cache",
      paramLabel = "teacache|easycache[:X]",
      converter = CacheNames.class,
      description =
          "Do not compute steps whose change stays below X; faster, and another video (default:"
              + " off; X: 0.05).")
  private @Nullable StepCacheOption cache;

  @Option(
      names = "--video",
      paramLabel = "FILE|DIR",
      description = "Video, or folder of PNG frames, to start from; resized to the size asked for.")
  private @Nullable Path video;

  @Option(
      names = "--strength",
      paramLabel = "X",
      description =
          "How much of --video, or of what --hires enlarges, gives way to noise, above 0 and at"
              + " most 1, for --hires below 1 (default: "
              + DEFAULT_STRENGTH
              + ").")
  private @Nullable Double strength;

  @Mixin private final HiresOptions hires = new HiresOptions();

  /** Sets how latents are denoised, and what they start from. */
  void applyTo(VideoJobBuilder job) {
    job.sampler(sampler).cache(cache);
    hires.applyTo(job, strength);
    if (video != null) {
      job.video(video, strength == null ? DEFAULT_STRENGTH : strength.floatValue());
    } else if (strength != null && !hires.given()) {
      throw new UsageException("--strength has no meaning without --video FILE or --hires");
    }
  }

  /** A step cache. */
  public static final class CacheNames implements ITypeConverter<StepCacheOption> {
    @Override
    public StepCacheOption convert(String value) {
      try {
        return StepCacheOption.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The name of a solver. */
  public static final class SamplerNames implements ITypeConverter<Sampler> {
    @Override
    public Sampler convert(String value) {
      try {
        return Sampler.named(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
