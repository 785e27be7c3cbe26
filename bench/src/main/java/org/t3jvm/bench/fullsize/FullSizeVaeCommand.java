package org.t3jvm.bench.fullsize;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.model.files.FormattedWeights;
import org.t3jvm.model.fit.DecodeFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.band.BandDecoder;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.random.TorchRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code t3 full-size-vae}: decodes random latents in bands with a VAE of any size and prints time
 * and memory, for maintainers.
 */
@Command(
    name = "full-size-vae",
    description = "Writes a synthetic file of a release's VAE, or decodes random latents with one.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class FullSizeVaeCommand implements Callable<Integer> {
  /** The VAEs of the Wan releases, at their widths. */
  enum Release {
    WAN21,
    WAN22;

    VaeConfig config() {
      return (this == WAN21 ? Preset.WAN21_T2V_1_3B : Preset.WAN22_TI2V_5B).model().vae();
    }
  }

  /** Ends a decode after the bands that were requested. */
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1;
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--make",
      paramLabel = "FILE.safetensors",
      description = "Write random weights of the release's names and shapes, in F32.")
  private @Nullable Path make;

  @Option(names = "--release", paramLabel = "wan21|wan22", description = "Whose VAE to make up.")
  private Release release = Release.WAN21;

  @Option(names = "--vae", paramLabel = "FILE", description = "Decode with this one.")
  private @Nullable Path vae;

  @Option(names = "--height", paramLabel = "PIXELS", description = "Default: ${DEFAULT-VALUE}.")
  private int height = 2176;

  @Option(names = "--width", paramLabel = "PIXELS", description = "Default: ${DEFAULT-VALUE}.")
  private int width = 3840;

  @Option(names = "--latent-frames", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int latentFrames = 1;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "As of t3 generate (default: ${DEFAULT-VALUE}).")
  private String memory = "4g";

  @Option(
      names = "--bands",
      paramLabel = "N",
      description = "Stop after so many; those that follow are like them (default: all).")
  private int most = Integer.MAX_VALUE;

  @Override
  public Integer call() throws IOException {
    if (make != null) {
      new SyntheticVae(release.config()).write(make);
      print("wrote %s: %,d bytes", make, Files.size(make));
    }
    if (vae != null) {
      try (Checkpoint checkpoint = Checkpoints.open(vae);
          Arena arena = Arena.ofShared();
          Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
        decode(checkpoint, FormattedWeights.of(checkpoint, WeightFormat.STORED, arena, 1), backend);
      }
    }
    return 0;
  }

  private void decode(Checkpoint checkpoint, Parameters parameters, Backend backend)
      throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    checkpoint.entries().forEach((name, info) -> shapes.put(name, info.shape()));
    VaeConfig config = VaeConfig.infer(shapes);
    new ExpectedTensors(config.parameterShapes().asMap()).check(checkpoint);
    int rows = height / config.spatialFactor();
    int columns = width / config.spatialFactor();
    Shape frame = Shape.of(config.latentChannels(), 1, rows, columns);
    DecodeFit fit =
        DecodeFit.of(
            backend, config, parameters, frame.with(1, latentFrames), MemoryBudget.parse(memory));
    int all = DecodeBands.rowsInAll(config, rows);
    DecodeBands bands =
        fit.bands().orElseGet(() -> new DecodeBands(config, parameters, rows, columns, all));
    print(
        "%s VAE, %d latent frames of %dx%d pixels in %d bands: %.2f GB by plan, weights apart",
        config.family(), latentFrames, width, height, bands.count(), fit.bytes() / 1e9);
    long started = System.nanoTime();
    TorchRandom random = new TorchRandom(0);
    Counted counted = new Counted(started);
    try {
      new BandDecoder(backend, parameters, bands)
          .decode(latentFrames, t -> random.randn(frame), RegionListener.NONE, counted);
    } catch (EnoughException e) {
      print("stopped after %d of %d bands", most, bands.count());
    }
    print(
        "%d rows of pixels of mean level %.1f in %.0f s",
        counted.rows,
        counted.sum / Math.max(1, counted.values),
        (System.nanoTime() - started) / 1e9);
    PeakMemory.lines().forEach(line -> print("%s", line));
  }

  /** Makes bytes of pixels, as a video would, and lets them go. */
  private final class Counted implements BandDecoder.Listener {
    private final long started;
    private int bands;
    private long rows;
    private long values;
    private double sum;

    Counted(long started) {
      this.started = started;
    }

    @Override
    public void step(int step) {
      print("step %d at %.0f s", step, (System.nanoTime() - started) / 1e9);
    }

    @Override
    public void decoded(int frame, int firstRow, Tensor pixels, boolean last) throws IOException {
      for (byte[] rgb : VideoFrames.toRgb8(pixels)) {
        rows += pixels.shape().dim(1);
        values += rgb.length;
        for (byte level : rgb) {
          sum += Byte.toUnsignedInt(level);
        }
      }
      bands += frame == latentFrames - 1 ? 1 : 0;
      if (bands == most) {
        throw new EnoughException();
      }
    }
  }

  private void print(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
