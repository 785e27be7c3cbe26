package org.t3jvm.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;

/** The embedded model's video on every device that can start, beside the CPU's. */
@Tag("process")
class DeviceVideoTest {
  private static final int SIZE = 64;
  private static final int FRAMES = 5;

  /** Frames [height, width, 3] in memory. */
  private static final class Frames implements FrameSink {
    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public void write(byte[] rgb) {
      frames.add(rgb.clone());
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  @TestFactory
  Stream<DynamicTest> framesAreTheCpusWithinOneGreyLevel() throws IOException {
    List<String> devices =
        Stream.of("opencl", "ptx", "cuda")
            .filter(name -> Backends.named(name).availability() instanceof Availability.Usable)
            .toList();
    Assumptions.assumeFalse(devices.isEmpty(), "no device can start");
    List<byte[]> expected = render("cpu", new BackendOptions(2), SIZE);
    // Enough for values, too little for parameters, which are streamed then.
    List<BackendOptions> memories =
        Stream.of(new BackendOptions(1), new BackendOptions(1, 0, 40_000_000))
            .map(options -> options.with(Precision.F32))
            .toList();
    return devices.stream()
        .flatMap(
            name ->
                memories.stream()
                    .map(
                        options ->
                            DynamicTest.dynamicTest(
                                name + " with " + options.deviceMemory() + " bytes",
                                () -> compare(expected, render(name, options, SIZE)))));
  }

  /** Frames of a square video. */
  static List<byte[]> render(String backendName, BackendOptions options, int size)
      throws IOException {
    T3Windows windows = T3Windows.parse("1,1,1;1,2,1;1,1,2;1,2,2;1,1,1");
    GenerationRequest request =
        new GenerationRequest(
            "a red ball rolls over green grass", "", size, size, FRAMES, 2, 3, 5, 7, windows);
    Frames frames = new Frames();
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        Backend backend = Backends.named(backendName).open(options)) {
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request, frames, RunProgress.silent());
    }
    return frames.frames;
  }

  static void compare(List<byte[]> expected, List<byte[]> actual) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int frame = 0; frame < expected.size(); frame++) {
      for (int i = 0; i < expected.get(frame).length; i++) {
        int should = expected.get(frame)[i] & 0xFF;
        int is = actual.get(frame)[i] & 0xFF;
        if (Math.abs(is - should) > 1) {
          throw new AssertionError(
              "frame %d, value %d is %d, the cpu's is %d".formatted(frame, i, is, should));
        }
      }
    }
  }
}
