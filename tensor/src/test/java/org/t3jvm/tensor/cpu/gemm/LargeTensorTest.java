package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.conv.ConvLowering;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Elements beyond 2^31: x and the result lie in files with holes, of which only the last rows are
 * ever touched, by the tasks that make them.
 */
class LargeTensorTest {
  private static final int CHANNELS = 8;
  private static final long ROWS = (1L << 28) + 5000;

  @TempDir Path folder;

  @Test
  void linearReachesTheLastRows() throws IOException {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(ROWS, CHANNELS));
    Value weight = g.input("weight", DType.F32, Shape.of(CHANNELS, CHANNELS));
    Value y = g.linear(x, weight, null);
    check(x, weight, y, GemmLowering.linear((Op.Linear) y.op(), y, Epilogue.NONE), CHANNELS);
  }

  @Test
  void convolutionReachesTheLastRows() throws IOException {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1, ROWS, 1, CHANNELS));
    Value weight = g.input("weight", DType.F32, Shape.of(CHANNELS, CHANNELS, 1, 3, 1));
    Value y = g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 1));
    // Of three rows of ones, the last output sees two.
    check(x, weight, y, ConvLowering.conv3d((Op.Conv3d) y.op(), y, Epilogue.NONE), 2 * CHANNELS);
  }

  /** With ones in the last two rows of x and in the weight, the last row counts its terms. */
  private void check(Value x, Value weight, Value y, LoweredOp lowered, float expected)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment left = map(arena, "x");
      MemorySegment result = map(arena, "y");
      left.asSlice((ROWS - 2) * CHANNELS * Float.BYTES).copyFrom(ones(2 * CHANNELS));
      MemorySegment ones = ones(Math.toIntExact(weight.shape().elements()));
      MemorySegment temporary = arena.allocate(lowered.temporaryBytes(), 64);
      Frame frame =
          new Frame() {
            @Override
            public MemorySegment segment(Value value) {
              return value.equals(x) ? left : value.equals(y) ? result : ones;
            }

            @Override
            public MemorySegment temporary() {
              return temporary;
            }
          };
      for (CpuKernel kernel : lowered.kernels()) {
        Scratch scratch = new Scratch(new float[kernel.scratchFloats()], MemorySegment.NULL);
        // The block that holds the last rows is the last that is not empty.
        for (int task = Math.max(0, kernel.tasks() - 400); task < kernel.tasks(); task++) {
          kernel.run(task, frame, scratch);
        }
      }
      float[] last = new float[CHANNELS];
      MemorySegment.copy(
          result, ValueLayout.JAVA_FLOAT, (ROWS - 1) * CHANNELS * Float.BYTES, last, 0, CHANNELS);
      float[] all = new float[CHANNELS];
      Arrays.fill(all, expected);
      assertThat(last).isEqualTo(all);
    }
  }

  private MemorySegment map(Arena arena, String name) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return file.map(FileChannel.MapMode.READ_WRITE, 0, ROWS * CHANNELS * Float.BYTES, arena);
    }
  }

  private static MemorySegment ones(int count) {
    float[] values = new float[count];
    Arrays.fill(values, 1);
    return MemorySegment.ofArray(values);
  }
}
