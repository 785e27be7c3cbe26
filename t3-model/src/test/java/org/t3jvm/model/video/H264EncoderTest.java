package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.media.Ffmpeg;

/** What an encoder that cannot be opened leaves behind. */
class H264EncoderTest {
  private static final int TIMES = 20_000;

  /** Two frames and a packet that are never freed take more than 1,000 bytes each time. */
  private static final long MOST = 8L << 20;

  @Test
  void anEncoderThatDoesNotOpenLeavesNoNativeMemory() throws Throwable {
    Ffmpeg.load();
    ThrowingCallable open = () -> new H264Encoder(0, 0, avutil.av_make_q(16, 1), false);
    assertThatThrownBy(open)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no H.264 encoder takes 0x0: ");
    refuse(open);
    long before = Pointer.physicalBytes();
    refuse(open);
    assertThat(Pointer.physicalBytes() - before)
        .as("bytes that %d refused encoders added to the process", TIMES)
        .isLessThan(MOST);
  }

  private static void refuse(ThrowingCallable open) throws Throwable {
    for (int i = 0; i < TIMES; i++) {
      try {
        open.call();
      } catch (IOException e) {
        continue;
      }
      throw new AssertionError("an encoder of 0x0 opened");
    }
  }
}
