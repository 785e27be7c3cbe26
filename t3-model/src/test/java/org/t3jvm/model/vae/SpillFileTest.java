package org.t3jvm.model.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class SpillFileTest {
  @Test
  void givesBackWhatWasWritten() throws IOException {
    try (SpillFile file = SpillFile.create("test");
        Arena arena = Arena.ofShared()) {
      byte[] bytes = {1, 2, 3, 4, 5};
      MemorySegment large = arena.allocate(40_000_000);
      large.set(ValueLayout.JAVA_BYTE, 39_999_999, (byte) 7);
      file.write(3, large);
      file.write(0, MemorySegment.ofArray(bytes));
      byte[] read = new byte[7];
      file.read(0, MemorySegment.ofArray(read));
      assertThat(read).containsExactly(1, 2, 3, 4, 5, 0, 0);
      byte[] end = new byte[2];
      file.read(40_000_001, MemorySegment.ofArray(end));
      assertThat(end).containsExactly(0, 7);
      assertThatThrownBy(() -> file.read(40_000_001, MemorySegment.ofArray(read)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("t3-test-")
          .hasMessageContaining("it ends at byte 40000003");
    }
  }
}
