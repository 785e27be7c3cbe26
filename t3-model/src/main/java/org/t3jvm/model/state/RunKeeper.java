package org.t3jvm.model.state;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Tensor;

/**
 * Keeps what a run has reached, and gives back what an earlier process kept of the same run. Calls
 * that keep return when all is kept; if one fails, what was kept before is still there.
 */
public interface RunKeeper {
  /** Keeps nothing. */
  RunKeeper NONE = new RunKeeper() {};

  /** The state of denoising that was kept last, if any. */
  default Optional<RunState> denoised() throws IOException {
    return Optional.empty();
  }

  /** Keeps the state between two steps; its tensors are the run's own and change afterwards. */
  default void keep(RunState state) throws IOException {}

  /** Where a pass keeps its states, whose steps come after {@code steps} of the passes before. */
  default RunKeeper after(int steps) {
    RunKeeper all = this;
    return new RunKeeper() {
      @Override
      public void keep(RunState state) throws IOException {
        all.keep(state.later(steps));
      }
    };
  }

  /**
   * Writes the decoded frames that were kept, the video's first ones, to {@code sink}.
   *
   * @return how many they are
   */
  default int replay(FrameSink sink) throws IOException {
    return 0;
  }

  /** The decoder's state that was kept last, if any; of no more frames than were kept. */
  default Optional<DecoderState> decoder() throws IOException {
    return Optional.empty();
  }

  /**
   * Keeps decoded frames that follow those kept before.
   *
   * @param frames each [height, width, 3] uint8
   * @param latentFrames how many latent frames are decoded now
   * @param decoder gives the decoder's state, which is large: it is kept when the keeper sees fit
   */
  default void keepFrames(
      List<byte[]> frames, int latentFrames, Supplier<Map<String, Tensor>> decoder)
      throws IOException {}
}
