package org.t3jvm.model.vae.band;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import org.t3jvm.model.vae.ChunkedProgram;
import org.t3jvm.model.vae.RowState;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.model.vae.TemporalState;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * Decodes a whole video band of rows by band of rows, so that memory is a band's and not a plane's;
 * the frames are those of {@link VaeDecoder}. First the trunk makes the features of all latent
 * frames; then each band, from the upper edge down, goes through the latent frames with its own
 * temporal state. Features, and the rows that bands pass on, are in temporary files.
 */
public final class BandDecoder {
  /** Hears of what is decoded. */
  public interface Listener {
    /** The next step begins: the trunk over one latent frame, or a band over one. */
    void step(int step);

    /**
     * Rows of pixels are decoded.
     *
     * @param frame the latent frame that they are of
     * @param firstRow the first of the rows
     * @param pixels [F, rows, W, 3] in [-1, 1], F being 1 for the first latent frame and 4 for
     *     later ones; reused after the call
     * @param last whether the frame's rows are complete with these
     */
    void decoded(int frame, int firstRow, Tensor pixels, boolean last) throws IOException;
  }

  private final Backend backend;
  private final Parameters parameters;
  private final DecodeBands bands;

  public BandDecoder(Backend backend, Parameters parameters, DecodeBands bands) {
    this.backend = backend;
    this.parameters = parameters;
    this.bands = bands;
  }

  /** Steps that {@code frames} latent frames take. */
  public int steps(int frames) {
    return frames * (1 + bands.count());
  }

  /**
   * Decodes a video.
   *
   * @param frames how many latent frames it has
   * @param latents gives each of them [z, 1, h, w]
   * @throws IOException if a temporary file fails, or the listener does
   */
  public void decode(
      int frames, IntFunction<Tensor> latents, RegionListener regions, Listener listener)
      throws IOException {
    try (SpillFile features = SpillFile.create("features");
        SpillFile carried = SpillFile.create("rows")) {
      trunk(frames, latents, features, regions, listener);
      CarriedRows rows = new CarriedRows(carried, bands.carriedBytes());
      for (int index = 0; index < bands.count(); index++) {
        int step = frames * (1 + index);
        band(index, step, frames, features, rows, regions, listener);
      }
    }
  }

  private void trunk(
      int frames,
      IntFunction<Tensor> latents,
      SpillFile features,
      RegionListener regions,
      Listener listener)
      throws IOException {
    try (ChunkedProgram trunk =
        new ChunkedProgram(backend, parameters, (n, first) -> bands.trunk(first))) {
      for (int t = 0; t < frames; t++) {
        listener.step(t);
        try (Buffers buffers = new Buffers(trunk.graph(1))) {
          Map<String, Tensor> inputs = Map.of(VaeGraphs.INPUT, latents.apply(t));
          trunk.run(inputs, buffers.outputs, 1, regions);
          features.write(frameStart(t), buffers.result().segment());
        }
      }
    }
  }

  private long frameStart(int t) {
    return bands.featureRowBytes() * t * bands.height();
  }

  private void band(
      int index,
      int firstStep,
      int frames,
      SpillFile features,
      CarriedRows rows,
      RegionListener regions,
      Listener listener)
      throws IOException {
    long start = bands.features(index).first() * bands.featureRowBytes();
    try (ChunkedProgram band =
        new ChunkedProgram(backend, parameters, (n, first) -> bands.band(index, first))) {
      for (int t = 0; t < frames; t++) {
        listener.step(firstStep + t);
        try (Buffers buffers = new Buffers(band.graph(1))) {
          features.read(frameStart(t) + start, buffers.input().segment());
          rows.read(t, buffers.inputs);
          band.run(buffers.inputs, buffers.outputs, 1, regions);
          rows.write(t, buffers.outputs);
          Tensor pixels = buffers.result();
          boolean last = index == bands.count() - 1;
          listener.decoded(t, bands.firstPixelRow(index), pixels, last);
        }
      }
    }
  }

  /** Memory for a graph's inputs and outputs but the temporal state. */
  private static final class Buffers implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final SequencedMap<String, Tensor> inputs;
    private final SequencedMap<String, Tensor> outputs;

    Buffers(Graph graph) {
      try {
        inputs = allocate(graph.inputs());
        outputs = allocate(graph.outputs());
      } catch (RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    }

    private SequencedMap<String, Tensor> allocate(SequencedMap<String, Value> values) {
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      values.forEach(
          (name, value) -> {
            if (!name.startsWith(TemporalState.PREFIX)) {
              tensors.put(name, Tensor.allocate(arena, value.dtype(), value.shape()));
            }
          });
      return tensors;
    }

    Tensor input() {
      return Objects.requireNonNull(inputs.get(VaeGraphs.INPUT));
    }

    Tensor result() {
      return Objects.requireNonNull(outputs.get(VaeGraphs.OUTPUT));
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /**
   * The rows that the band above left for each latent frame, which those for the band below
   * replace.
   *
   * @param frameBytes of one latent frame at most
   */
  private record CarriedRows(SpillFile file, long frameBytes) {
    void read(int t, SequencedMap<String, Tensor> inputs) throws IOException {
      long at = t * frameBytes;
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        if (input.getKey().startsWith(RowState.PREFIX)) {
          file.read(at, input.getValue().segment());
          at += input.getValue().byteSize();
        }
      }
    }

    void write(int t, SequencedMap<String, Tensor> outputs) throws IOException {
      long at = t * frameBytes;
      for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
        if (output.getKey().startsWith(RowState.PREFIX)) {
          file.write(at, output.getValue().segment());
          at += output.getValue().byteSize();
        }
      }
    }
  }
}
