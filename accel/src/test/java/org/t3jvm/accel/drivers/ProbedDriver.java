package org.t3jvm.accel.drivers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A process that is asked for devices, with a driver of the tests: its first word says which. */
final class ProbedDriver {
  private ProbedDriver() {}

  @SuppressWarnings("restricted")
  public static void main(String[] arguments) throws InterruptedException {
    System.out.println("a line that the driver prints");
    switch (arguments[0]) {
      case "crashes" ->
          System.out.println(
              MemorySegment.ofAddress(8).reinterpret(8).get(ValueLayout.JAVA_LONG, 0));
      case "hangs" -> Thread.sleep(60_000);
      case "ends" -> Runtime.getRuntime().halt(3);
      case "fails" -> System.out.println(ProbeMain.FAILURE + "the driver has no device");
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
