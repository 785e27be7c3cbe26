package org.t3jvm.accel.drivers;

import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.ListedDevice;

/**
 * What the process of a {@link ChildProbe} runs. Its answers are lines that start with {@link
 * #ANSWER}, since drivers print lines of their own.
 */
public final class ProbeMain {
  /** Before a line of the answer. */
  static final String ANSWER = "t3-answer\t";

  /** Before the one line that says why there is no answer. */
  static final String FAILURE = "t3-failure\t";

  /** Asks for the devices of a driver. */
  static final String LIST = "list";

  /** Tests a device, and measures it. */
  static final String CHECK = "check";

  /** Bytes of a device's memory that a test takes. */
  private static final long BUDGET = 400L << 20;

  private ProbeMain() {}

  /** Runs {@code list DRIVER} or {@code check DRIVER ORDINAL}. */
  public static void main(String[] arguments) {
    NativeDriver driver = NativeDriver.valueOf(arguments[1]);
    try {
      for (String line : answer(arguments, driver)) {
        System.out.println(ANSWER + line);
      }
    } catch (DeviceException e) {
      System.out.println(FAILURE + e.getMessage());
    }
    System.out.flush();
    // A driver may hang when its library is unloaded.
    Runtime.getRuntime().halt(0);
  }

  private static List<String> answer(String[] arguments, NativeDriver driver) {
    return switch (arguments[0]) {
      case LIST -> driver.list().stream().map(DeviceLine::of).toList();
      case CHECK -> {
        int ordinal = Integer.parseInt(arguments[2]);
        ListedDevice listed = driver.list().get(ordinal);
        long budget = Math.min(BUDGET, listed.info().memory() / 2);
        Device device =
            driver.open(
                ordinal,
                budget,
                NativeDriver.UNKNOWN_RATE,
                CacheFolder.ofUser(System.getenv()),
                Optional.empty());
        SelfTest.run(device, budget);
        yield List.of(String.valueOf(ProductRate.of(device, budget)));
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    };
  }
}
