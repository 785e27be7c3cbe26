package org.t3jvm.model.golden;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** One run of the pipeline with everything that it computed, by the names of the fixtures. */
public final class RecordedRun implements Consumer<RunEvent>, FrameSink {
  private final Map<String, Tensor> values = new LinkedHashMap<>();
  private final List<Tensor> decoded = new ArrayList<>();
  private final List<byte[]> frames = new ArrayList<>();
  private final GenerationRequest request;

  private RecordedRun(GenerationRequest request) {
    this.request = request;
  }

  /** Opens a model and makes one video with it. */
  public static RecordedRun of(ModelFiles files, GenerationRequest request, Backend backend)
      throws IOException {
    try (VideoModel model = VideoModel.open(files)) {
      RecordedRun run = new RecordedRun(request);
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request, run, RunProgress.to(run));
      return run;
    }
  }

  /** A value by its name, such as {@code step0.pred_positive}. */
  public Tensor value(String name) {
    return Golden.named(values, name);
  }

  /** Names of all recorded values. */
  public Set<String> names() {
    return values.keySet();
  }

  /** The decoded video [3, F, H, W] in [-1, 1]. */
  public Tensor video() {
    return Golden.channelsFirst(Golden.joined(decoded));
  }

  /** The frames that were written, [F, H, W, 3] uint8. */
  public Tensor frames() {
    Tensor all =
        Tensor.allocate(DType.U8, Shape.of(frames.size(), request.height(), request.width(), 3));
    for (int f = 0; f < frames.size(); f++) {
      all.rows(f, 1).segment().copyFrom(MemorySegment.ofArray(frames.get(f)));
    }
    return all;
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Computed(Stage stage, int step, Map<String, Tensor> tensors)) {
      tensors.forEach((name, tensor) -> record(stage, step, name, Golden.copy(tensor)));
    }
  }

  private void record(Stage stage, int step, String name, Tensor copy) {
    switch (name) {
      case "frames" -> decoded.add(copy);
      case "first_frame" -> values.put("first_frame_latents", copy);
      case "noise" -> values.put("noise", copy);
      case "denoised" -> values.put("final_latents", copy);
      case "latents" -> values.put("step" + step + ".latents_in", copy);
      case "positive", "negative" ->
          values.put(
              stage == Stage.TEXT
                  ? (name.equals("positive") ? "prompt" : "negative") + ".context"
                  : "step" + step + ".pred_" + name,
              copy);
      default -> throw new AssertionError("unknown value " + name);
    }
  }

  @Override
  public void write(byte[] rgb) {
    frames.add(rgb.clone());
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
