package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CroppingSinkTest {
  /** Keeps copies of what is written, and what else is called. */
  private static final class Recorder implements FrameSink {
    final List<byte[]> frames = new ArrayList<>();
    final List<String> calls = new ArrayList<>();

    @Override
    public void write(byte[] rgb) {
      frames.add(rgb.clone());
    }

    @Override
    public void finish() {
      calls.add("finish");
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  private final Recorder recorder = new Recorder();

  @Test
  void theMiddleIsPassedOn() throws IOException {
    // Rows 1 to 3 of 6 (three go, one of them above) and columns 2 to 4 of 7.
    FrameSize whole = new FrameSize(6, 7);
    FrameSize middle = new FrameSize(3, 3);
    try (FrameSink sink = CroppingSink.of(recorder, whole, middle)) {
      for (int frame = 0; frame < 2; frame++) {
        byte[] rgb = new byte[6 * 7 * 3];
        for (int i = 0; i < rgb.length; i++) {
          rgb[i] = (byte) (i + frame);
        }
        sink.write(rgb);
      }
      sink.finish();
    }
    assertThat(recorder.calls).containsExactly("finish", "close");
    assertThat(recorder.frames).hasSize(2);
    for (int frame = 0; frame < 2; frame++) {
      for (int i = 0; i < 27; i++) {
        int from = ((1 + i / 9) * 7 + 2) * 3 + i % 9;
        assertThat(recorder.frames.get(frame)[i])
            .as("frame %d, byte %d", frame, i)
            .isEqualTo((byte) (from + frame));
      }
    }
  }

  @Test
  void framesOfTheRightSizeAreNotTouched() {
    FrameSize size = new FrameSize(6, 7);
    assertThat(CroppingSink.of(recorder, size, new FrameSize(6, 7))).isSameAs(recorder);
  }

  @Test
  void framesOfAnotherSizeAreRefused() {
    FrameSize whole = new FrameSize(6, 7);
    FrameSink sink = CroppingSink.of(recorder, whole, new FrameSize(6, 5));
    assertThatThrownBy(() -> sink.write(new byte[125]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame of 7x6 has 126 bytes, not 125");
    assertThatThrownBy(() -> CroppingSink.of(recorder, whole, new FrameSize(6, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frames of 7x6 have no middle of 8x6");
  }

  @Test
  void sizesArePaddedToTheNextMultiple() {
    assertThat(new FrameSize(2160, 3840).paddedTo(16)).isEqualTo(new FrameSize(2160, 3840));
    assertThat(new FrameSize(2160, 3840).paddedTo(32)).isEqualTo(new FrameSize(2176, 3840));
    assertThat(new FrameSize(1, 17).paddedTo(16)).isEqualTo(new FrameSize(16, 32));
  }
}
