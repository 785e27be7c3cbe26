package org.t3jvm.accel.drivers;

import java.util.Optional;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.device.ListedDevice;

/** A listed device as one line of text, fields apart by tabs. */
final class DeviceLine {
  private static final int FIELDS = 12;

  private DeviceLine() {}

  static String of(ListedDevice device) {
    DeviceInfo info = device.info();
    return String.join(
        "\t",
        String.valueOf(device.ordinal()),
        plain(info.name()),
        plain(info.driver()),
        String.valueOf(info.memory()),
        String.valueOf(info.largestAllocation()),
        String.valueOf(info.localMemory()),
        String.valueOf(info.group()),
        String.valueOf(info.gpu()),
        String.valueOf(info.fp16()),
        String.valueOf(info.bf16()),
        String.valueOf(info.tensorCores()),
        plain(device.refusal().orElse("")));
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ");
  }

  /**
   * The device of a line.
   *
   * @throws IllegalArgumentException if the line is of no device
   */
  static ListedDevice parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException("no device: " + line);
    }
    DeviceInfo info =
        new DeviceInfo(
            fields[1],
            fields[2],
            Long.parseLong(fields[3]),
            Long.parseLong(fields[4]),
            Long.parseLong(fields[5]),
            Long.parseLong(fields[6]),
            Boolean.parseBoolean(fields[7]),
            Boolean.parseBoolean(fields[8]),
            Boolean.parseBoolean(fields[9]),
            Boolean.parseBoolean(fields[10]));
    return new ListedDevice(
        Integer.parseInt(fields[0]),
        info,
        Optional.of(fields[FIELDS - 1]).filter(refusal -> !refusal.isEmpty()));
  }
}
