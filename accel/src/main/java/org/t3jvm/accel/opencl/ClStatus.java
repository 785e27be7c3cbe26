package org.t3jvm.accel.opencl;

import java.util.Map;

/** The names of OpenCL's statuses. */
final class ClStatus {
  static final int SUCCESS = 0;
  static final int DEVICE_NOT_FOUND = -1;

  /** What loaders of drivers return where none is installed. */
  static final int PLATFORM_NOT_FOUND = -1001;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND"),
          Map.entry(-2, "CL_DEVICE_NOT_AVAILABLE"),
          Map.entry(-3, "CL_COMPILER_NOT_AVAILABLE"),
          Map.entry(-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE: no memory is left on the device"),
          Map.entry(-5, "CL_OUT_OF_RESOURCES: no memory is left on the device, or it was lost"),
          Map.entry(-6, "CL_OUT_OF_HOST_MEMORY"),
          Map.entry(-11, "CL_BUILD_PROGRAM_FAILURE"),
          Map.entry(-14, "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"),
          Map.entry(-30, "CL_INVALID_VALUE"),
          Map.entry(-33, "CL_INVALID_DEVICE"),
          Map.entry(-34, "CL_INVALID_CONTEXT"),
          Map.entry(-36, "CL_INVALID_COMMAND_QUEUE: the device was lost"),
          Map.entry(-38, "CL_INVALID_MEM_OBJECT"),
          Map.entry(-42, "CL_INVALID_BINARY"),
          Map.entry(-52, "CL_INVALID_KERNEL_ARGS"),
          Map.entry(-54, "CL_INVALID_WORK_GROUP_SIZE"),
          Map.entry(-55, "CL_INVALID_WORK_ITEM_SIZE"),
          Map.entry(-61, "CL_INVALID_BUFFER_SIZE: larger than the device's largest allocation"),
          Map.entry(PLATFORM_NOT_FOUND, "no OpenCL driver is installed"));

  private ClStatus() {}

  /** As {@code CL_INVALID_VALUE}, or the number of one that has no name here. */
  static String describe(int status) {
    return NAMES.getOrDefault(status, "OpenCL status " + status);
  }
}
