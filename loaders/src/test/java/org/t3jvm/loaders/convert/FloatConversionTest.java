package org.t3jvm.loaders.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.ShardedWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Checkpoints rewritten in other dtypes: rounding, limits, memory, and disks that fill. */
class FloatConversionTest {
  private static final float[] AWKWARD = {
    0, -0f, 1, -1, 1.00390625f, 1.01171875f, 3.3895314e38f, 1e-40f, 65504, 65519, 1e-8f, 0.1f
  };

  @TempDir Path dir;

  private static void write(
      Checkpoint from, DType dtype, Path to, long limit, AtomicFile.Maker maker)
      throws IOException {
    FloatConversion conversion = new FloatConversion(from, dtype);
    new ShardedWriter(to, conversion.layout(), limit).write(conversion, Map.of(), maker);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }

  private Path file(String name, Tensor... tensors) throws IOException {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < tensors.length; i++) {
      named.put("t" + i, tensors[i]);
    }
    return TestFiles.safetensors(dir.resolve(name), named);
  }

  /** The nearest of two neighbours, the even one of two that are as near. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void floatsRoundToTheNearest(DType dtype) throws IOException {
    long seed = 7;
    Random random = new Random(seed);
    Tensor values = Tensor.allocate(DType.F32, Shape.of(5000));
    for (int i = 0; i < 5000; i++) {
      boolean known = i < AWKWARD.length && (dtype == DType.BF16 || Math.abs(AWKWARD[i]) < 65520);
      values.setDouble(
          i, known ? AWKWARD[i] : random.nextGaussian() * Math.exp(random.nextGaussian()));
    }
    Path to = dir.resolve("narrow.safetensors");
    try (Checkpoint from = Checkpoints.open(file("wide.safetensors", values))) {
      write(from, dtype, to, Long.MAX_VALUE, AtomicFile::create);
    }
    try (Checkpoint narrow = Checkpoints.open(to)) {
      Tensor rounded = narrow.tensor("t0");
      assertThat(rounded.dtype()).isEqualTo(dtype);
      for (int i = 0; i < 5000; i++) {
        requireNearest(values.getDouble(i), rounded, i, seed);
      }
    }
  }

  private static void requireNearest(double value, Tensor rounded, int i, long seed) {
    int bits = rounded.segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) & 0xFFFF;
    double error = Math.abs(rounded.getDouble(i) - value);
    for (int step : new int[] {-1, 1}) {
      int near = bits + step;
      if ((near & 0x7FFF) == 0x7FFF || near < 0 || near > 0xFFFF) {
        continue;
      }
      Tensor neighbour = Tensor.allocate(rounded.dtype(), Shape.of(1));
      neighbour.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) near);
      double other = Math.abs(neighbour.getDouble(0) - value);
      if (Double.isNaN(other)) {
        continue;
      }
      assertThat(other)
          .as("neighbour %d of %s at %d of seed %d", step, value, i, seed)
          .isGreaterThanOrEqualTo(error);
      if (other == error) {
        assertThat(bits & 1).as("tie at %s", value).isZero();
      }
    }
  }

  @Test
  void whatIsNotFloatingStays() throws IOException {
    Tensor whole = Tensor.ofLongs(Shape.of(2), 1L << 60, -1);
    Path to = dir.resolve("out.safetensors");
    try (Checkpoint from =
        Checkpoints.open(file("in.safetensors", whole, Tensor.ofFloats(Shape.of(1), 2)))) {
      write(from, DType.BF16, to, Long.MAX_VALUE, AtomicFile::create);
    }
    try (Checkpoint out = Checkpoints.open(to)) {
      assertThat(out.tensor("t0").toLongs()).containsExactly(1L << 60, -1);
      assertThat(out.tensor("t1").dtype()).isEqualTo(DType.BF16);
    }
  }

  @Test
  void aValueBeyondTheTypeIsRefusedAndInfinityIsNot() throws IOException {
    Tensor large = Tensor.ofFloats(Shape.of(3), 1, Float.POSITIVE_INFINITY, 70000);
    Path in = file("in.safetensors", large);
    Path to = dir.resolve("out.safetensors");
    try (Checkpoint from = Checkpoints.open(in)) {
      TestFiles.failure(
          () -> write(from, DType.F16, to, Long.MAX_VALUE, AtomicFile::create),
          List.of("in.safetensors", "tensor 't0' holds 70000.0, which F16 cannot; take bf16"));
      assertThat(files()).containsExactly(in);
      write(from, DType.BF16, to, Long.MAX_VALUE, AtomicFile::create);
    }
    try (Checkpoint out = Checkpoints.open(to)) {
      assertThat(out.tensor("t0").getDouble(1)).isInfinite();
    }
  }

  /** A channel that a disk of {@code room} bytes gives. */
  private static WritableByteChannel full(WritableByteChannel disk, AtomicLong room) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        if (room.addAndGet(-bytes.remaining()) < 0) {
          throw new IOException("No space left on device");
        }
        return disk.write(bytes);
      }

      @Override
      public boolean isOpen() {
        return disk.isOpen();
      }

      @Override
      public void close() throws IOException {
        disk.close();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 100, 4500, 8500, 12_250})
  void aDiskThatFillsLeavesNothingBehind(long bytes) throws IOException {
    Tensor some = Tensor.allocate(DType.F32, Shape.of(1000));
    Path in = file("in.safetensors", some, some, some);
    Path to = dir.resolve("out.safetensors");
    AtomicLong room = new AtomicLong(bytes);
    try (Checkpoint from = Checkpoints.open(in)) {
      String message =
          TestFiles.failure(
              () ->
                  write(
                      from,
                      DType.F32,
                      to,
                      4000,
                      target -> AtomicFile.create(target, disk -> full(disk, room))),
              List.of("out", "writing failed: No space left on device"));
      assertThat(message).startsWith(dir.toString());
    }
    assertThat(files()).containsExactly(in);
  }

  @Test
  void shardsAreAtMostAsLargeAsAsked() throws IOException {
    Tensor some = Tensor.allocate(DType.F32, Shape.of(1000));
    Tensor large = Tensor.allocate(DType.F32, Shape.of(5000));
    Path in = file("in.safetensors", some, some, some, large, some);
    try (Checkpoint from = Checkpoints.open(in)) {
      write(from, DType.F32, dir.resolve("out.safetensors"), 8000, AtomicFile::create);
    }
    assertThat(files())
        .containsExactly(
            in,
            dir.resolve("out-00001-of-00004.safetensors"),
            dir.resolve("out-00002-of-00004.safetensors"),
            dir.resolve("out-00003-of-00004.safetensors"),
            dir.resolve("out-00004-of-00004.safetensors"),
            dir.resolve("out.safetensors.index.json"));
    try (Checkpoint shards = Checkpoints.open(dir.resolve("out.safetensors.index.json"))) {
      assertThat(shards.entries().keySet()).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4");
    }
    assertThat(Files.readString(dir.resolve("out.safetensors.index.json")))
        .startsWith("{\"metadata\":{\"total_size\":36000},\"weight_map\":{");
  }

  /** A tensor of 200 MB, most of it never written to disk, is converted a piece at a time. */
  @Test
  void memoryDoesNotGrowWithATensor() throws IOException {
    long elements = 50_000_000;
    String header =
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(elements, 4 * elements);
    Path in = Files.write(dir.resolve("in.safetensors"), TestFiles.safetensorsBytes(header, 0));
    try (RandomAccessFile file = new RandomAccessFile(in.toFile(), "rw")) {
      file.setLength(file.length() + 4 * elements);
    }
    AtomicLong largest = new AtomicLong();
    AtomicLong all = new AtomicLong();
    try (Checkpoint from = Checkpoints.open(in)) {
      FloatConversion conversion = new FloatConversion(from, DType.BF16);
      var counted =
          new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
              int length = bytes.remaining();
              bytes.position(bytes.limit());
              largest.accumulateAndGet(length, Math::max);
              all.addAndGet(length);
              return length;
            }

            @Override
            public boolean isOpen() {
              return true;
            }

            @Override
            public void close() {}
          };
      try (AtomicFile file = AtomicFile.create(dir.resolve("out.safetensors"), disk -> counted)) {
        long before = allocated();
        conversion.write(conversion.layout().getFirst(), file);
        assertThat(allocated() - before).as("heap allocated").isLessThan(4L << 20);
      }
    }
    assertThat(all.get()).isEqualTo(2 * elements);
    assertThat(largest.get()).as("bytes of a piece").isLessThanOrEqualTo(4L << 20);
  }

  private static long allocated() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
