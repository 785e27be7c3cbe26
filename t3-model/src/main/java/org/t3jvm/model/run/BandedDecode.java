package org.t3jvm.model.run;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.band.BandDecoder;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Latents to frames, band of rows by band of rows. What bands have made of all frames waits in a
 * temporary file, as bytes, for the last band; then frame after frame is complete.
 */
final class BandedDecode {
  private static final int COLOURS = 3;

  private final VideoModel model;
  private final RunProgress progress;
  private final RunKeeper keeper;
  private final FrameSink sink;
  private final int latentFrames;
  private final int rowBytes;
  private final int frameBytes;
  private final int unitsPerStep;
  private final int kept;
  private int units;

  /**
   * For one video.
   *
   * @param latents shape [C, T, h, w]
   * @param kept frames that the sink has already
   */
  BandedDecode(
      VideoModel model,
      RunProgress progress,
      RunKeeper keeper,
      FrameSink sink,
      Shape latents,
      int kept) {
    VaeConfig config = model.vaeConfig();
    this.model = model;
    this.progress = progress;
    this.keeper = keeper;
    this.sink = sink;
    this.latentFrames = latents.intDim(1);
    this.rowBytes = latents.intDim(3) * config.spatialFactor() * COLOURS;
    this.frameBytes = Math.multiplyExact(latents.intDim(2) * config.spatialFactor(), rowBytes);
    this.unitsPerStep = config.decoderBandRegions();
    this.kept = kept;
  }

  /** latents [C, T, h, w]: all of their frames that are not kept, without finishing the sink. */
  void run(Backend backend, DecodeBands bands, Tensor latents) throws IOException {
    try (SpillFile above = SpillFile.create("frames")) {
      BandDecoder decoder = new BandDecoder(backend, model.vaeParameters(), bands);
      int steps = decoder.steps(latentFrames);
      progress.begin(Stage.DECODE, steps, unitsPerStep);
      decoder.decode(
          latentFrames, t -> LatentFrames.get(latents, t), region -> unit(), new Rows(above));
      finishSteps(steps);
      progress.end();
    }
  }

  private void unit() {
    units++;
    progress.block();
  }

  /** Steps count alike, though the trunk has fewer regions than a band. */
  private void finishSteps(int steps) {
    while (units < steps * unitsPerStep) {
      unit();
    }
  }

  /** Puts rows together to frames; those {@code above} the last band's wait in a file. */
  private final class Rows implements BandDecoder.Listener {
    private final SpillFile above;

    Rows(SpillFile above) {
      this.above = above;
    }

    @Override
    public void step(int step) {
      finishSteps(step);
      progress.step(step);
    }

    @Override
    public void decoded(int t, int firstRow, Tensor pixels, boolean last) throws IOException {
      FiniteCheck.require(
          pixels,
          "%s of latent frame %d of %d, from row %d on"
              .formatted(Stage.DECODE, t + 1, latentFrames, firstRow),
          model.vaeParameters(),
          model.vaeConfig().parameterShapes().asMap().keySet().stream());
      byte[][] parts = VideoFrames.toRgb8(pixels);
      List<byte[]> fresh = new ArrayList<>();
      for (int f = 0; f < parts.length; f++) {
        int frame = VaeConfig.frames(t) + f;
        if (frame < kept) {
          continue;
        }
        long start = (long) frame * frameBytes;
        MemorySegment part = MemorySegment.ofArray(parts[f]);
        if (!last) {
          above.write(start + (long) firstRow * rowBytes, part);
          continue;
        }
        byte[] whole = new byte[frameBytes];
        above.read(start, MemorySegment.ofArray(whole).asSlice(0, (long) firstRow * rowBytes));
        System.arraycopy(parts[f], 0, whole, firstRow * rowBytes, parts[f].length);
        fresh.add(whole);
      }
      if (!fresh.isEmpty()) {
        // A later run decodes all bands again: the last one's state alone is of no use.
        keeper.keepFrames(fresh, t + 1, Map::of);
      }
      for (byte[] frame : fresh) {
        sink.write(frame);
      }
    }
  }
}
