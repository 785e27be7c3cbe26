package org.t3jvm.accel.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.sdk.DeviceSource;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/** The kernels of packed rows on every device that can start here. */
class PackedRowsTest {
  private static final long SEED = 4;
  private static final long BUDGET = 1 << 28;

  @TestFactory
  Stream<DynamicTest> onEveryDevice() {
    Optional<DeviceSource> source = ServiceLoader.load(DeviceSource.class).findFirst();
    return Arrays.stream(Driver.values())
        .filter(driver -> ModuleLayer.boot().findModule(driver.module()).isPresent())
        .flatMap(
            driver ->
                source.stream()
                    .filter(each -> !each.devices(driver).isEmpty())
                    .map(each -> each.open(driver, 0, BUDGET, Optional.empty())))
        .flatMap(
            device ->
                Stream.of(
                    test(device, "windows gathered and scattered", this::windows),
                    test(device, "patches of a convolution", this::patches)));
  }

  private static DynamicTest test(Device device, String what, Consumer<Words> check) {
    return DynamicTest.dynamicTest(
        device.info().name() + ": " + what, () -> check.accept(new Words(device)));
  }

  private void windows(Words words) {
    int row = 3;
    Windows windows =
        new Windows(new TokenGrid(5, 4, 7), new WindowCounts(2, 3, 3), Grouping.REMOTE);
    WindowBatches batches = WindowBatches.of(windows.boxes(Grouping.REMOTE));
    Tensor table = batches.rows();
    int rows = (int) table.shape().elements();
    int[] data = random(rows * row);
    Place x = words.put(Bank.Kind.WORDS, 0, data);
    Place order = words.put(Bank.Kind.FLOATS, 16, table.segment().toArray(ValueLayout.JAVA_INT));
    Place gathered = new Place(x.bank(), 4096, data.length);
    Place back = new Place(x.bank(), 8192, data.length);

    words.device().run(PackedRows.gather(gathered, x, order, row));
    words.device().run(PackedRows.scatter(back, gathered, order, row));

    int[] expected = new int[data.length];
    for (int i = 0; i < data.length; i++) {
      expected[i] = data[((int) table.getDouble(i / row)) * row + i % row];
    }
    assertThat(words.get(gathered)).as("gathered, seed %d", SEED).isEqualTo(expected);
    assertThat(words.get(back)).as("scattered, seed %d", SEED).isEqualTo(data);
  }

  private void patches(Words words) {
    int[] x = {3, 6, 5};
    int[] kernel = {2, 3, 3};
    int[] stride = {1, 2, 1};
    int channels = 2;
    ConvGeometry geometry = new ConvGeometry(1, 2, 1, 1, 0, 0, 1, 1, 1);
    int[] out = {3, 3, 5};
    PackedRows.Looks looks =
        new PackedRows.Looks(
            x[0], x[1], x[2], channels, out[1], out[2], kernel[0], kernel[1], kernel[2], geometry);
    int[] data = random(x[0] * x[1] * x[2] * channels);
    Place from = words.put(Bank.Kind.WORDS, 64, data);
    int first = 7;
    int positions = out[0] * out[1] * out[2] - first - 2;
    Place to = new Place(from.bank(), 4096, (long) positions * looks.patch());

    words.device().run(PackedRows.patches(to, from, first, positions, looks));

    int[] expected = new int[positions * looks.patch()];
    int at = 0;
    for (int p = first; p < first + positions; p++) {
      for (int a = 0; a < kernel[0]; a++) {
        for (int b = 0; b < kernel[1]; b++) {
          for (int c = 0; c < kernel[2]; c++) {
            int t = p / (out[1] * out[2]) * stride[0] - 1 + a;
            int h = p / out[2] % out[1] * stride[1] + b;
            int w = p % out[2] * stride[2] - 1 + c;
            boolean inside = t >= 0 && t < x[0] && h >= 0 && h < x[1] && w >= 0 && w < x[2];
            for (int i = 0; i < channels; i++) {
              expected[at++] = inside ? data[((t * x[1] + h) * x[2] + w) * channels + i] : 0;
            }
          }
        }
      }
    }
    assertThat(words.get(to)).as("seed %d", SEED).isEqualTo(expected);
  }

  private static int[] random(int count) {
    return new Random(SEED).ints(count).toArray();
  }

  /** Words on a device. */
  private record Words(Device device) {
    private Bank bank(Bank.Kind kind) {
      return device.banks().stream().filter(bank -> bank.kind() == kind).findFirst().orElseThrow();
    }

    /** Brings words, or the bits of floats. */
    Place put(Bank.Kind kind, long offset, int[] words) {
      boolean floats = kind == Bank.Kind.FLOATS;
      Bank staging = bank(floats ? Bank.Kind.FLOAT_STAGING : Bank.Kind.WORD_STAGING);
      for (int i = 0; i < words.length; i++) {
        device.staging(staging).setAtIndex(ValueLayout.JAVA_INT, i, words[i]);
      }
      Place to = new Place(bank(kind), offset, words.length);
      device.run(
          Launch.copy(
              floats ? DeviceKernel.COPY : DeviceKernel.COPY_WORDS,
              to,
              new Place(staging, 0, words.length)));
      return to;
    }

    /** Fetches words, byte by byte, which floats can hold. */
    int[] get(Place from) {
      int count = Math.toIntExact(from.elements());
      Place bytes = new Place(bank(Bank.Kind.FLOATS), 65536, 4L * count);
      device.run(
          new Launch(
              DeviceKernel.DECODE_BYTES,
              List.of(bytes, from),
              new Numbers().set(MoveSlots.Copy.COUNT, 4 * count),
              new float[0],
              Launch.Grid.elements(4L * count)));
      Bank staging = bank(Bank.Kind.FLOAT_STAGING);
      assertThat(staging.elements()).isGreaterThanOrEqualTo(4L * count);
      device.run(Launch.copy(DeviceKernel.COPY, new Place(staging, 0, 4L * count), bytes));
      int[] words = new int[count];
      for (int i = 0; i < 4 * count; i++) {
        int value = (int) device.staging(staging).getAtIndex(ValueLayout.JAVA_FLOAT, i);
        words[i / 4] |= (value & 255) << (8 * (i % 4));
      }
      return words;
    }
  }
}
