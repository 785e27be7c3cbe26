package org.t3jvm.accel.nvidia;

import java.util.Map;

/** What the status codes of a library are called, as its headers do; 0 is success in all. */
public enum LibraryStatus {
  /** {@code cublasStatus_t}. */
  CUBLAS(
      "CUBLAS_STATUS_",
      Map.of(
          1, "NOT_INITIALIZED",
          3, "ALLOC_FAILED",
          7, "INVALID_VALUE",
          8, "ARCH_MISMATCH",
          11, "MAPPING_ERROR",
          13, "EXECUTION_FAILED",
          14, "INTERNAL_ERROR",
          15, "NOT_SUPPORTED",
          16, "LICENSE_ERROR")),

  /** {@code cudnnStatus_t} of cuDNN 9. */
  CUDNN(
      "CUDNN_STATUS_",
      Map.ofEntries(
          Map.entry(1001, "NOT_INITIALIZED"),
          Map.entry(1002, "SUBLIBRARY_VERSION_MISMATCH"),
          Map.entry(1008, "SUBLIBRARY_LOADING_FAILED"),
          Map.entry(2000, "BAD_PARAM"),
          Map.entry(2001, "INVALID_VALUE"),
          Map.entry(2002, "BAD_PARAM_NULL_POINTER"),
          Map.entry(2003, "BAD_PARAM_MISALIGNED_POINTER"),
          Map.entry(2004, "BAD_PARAM_NOT_FINALIZED"),
          Map.entry(2005, "BAD_PARAM_OUT_OF_BOUND"),
          Map.entry(2006, "BAD_PARAM_SIZE_INSUFFICIENT"),
          Map.entry(2007, "BAD_PARAM_STREAM_MISMATCH"),
          Map.entry(2008, "BAD_PARAM_SHAPE_MISMATCH"),
          Map.entry(2009, "BAD_PARAM_DUPLICATED_ENTRIES"),
          Map.entry(2010, "BAD_PARAM_ATTRIBUTE_TYPE"),
          Map.entry(3000, "NOT_SUPPORTED"),
          Map.entry(3001, "NOT_SUPPORTED_GRAPH_PATTERN"),
          Map.entry(3002, "NOT_SUPPORTED_SHAPE"),
          Map.entry(3003, "NOT_SUPPORTED_DATA_TYPE"),
          Map.entry(3004, "NOT_SUPPORTED_LAYOUT"),
          Map.entry(3005, "NOT_SUPPORTED_INCOMPATIBLE_CUDA_DRIVER"),
          Map.entry(3006, "NOT_SUPPORTED_INCOMPATIBLE_CUDART"),
          Map.entry(3007, "NOT_SUPPORTED_ARCH_MISMATCH"),
          Map.entry(3008, "NOT_SUPPORTED_RUNTIME_PREREQUISITE_MISSING"),
          Map.entry(3009, "NOT_SUPPORTED_SUBLIBRARY_UNAVAILABLE"),
          Map.entry(3010, "NOT_SUPPORTED_SHARED_MEMORY_INSUFFICIENT"),
          Map.entry(4000, "INTERNAL_ERROR"),
          Map.entry(4001, "INTERNAL_ERROR_COMPILATION_FAILED"),
          Map.entry(4003, "INTERNAL_ERROR_HOST_ALLOCATION_FAILED"),
          Map.entry(4004, "INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
          Map.entry(5000, "EXECUTION_FAILED"),
          Map.entry(5001, "EXECUTION_FAILED_CUDA_DRIVER"),
          Map.entry(5002, "EXECUTION_FAILED_CUBLAS"),
          Map.entry(5003, "EXECUTION_FAILED_CUDART"))),

  /** {@code CUresult} of the driver. */
  CUDA(
      "CUDA_ERROR_",
      Map.ofEntries(
          Map.entry(1, "INVALID_VALUE"),
          Map.entry(2, "OUT_OF_MEMORY"),
          Map.entry(3, "NOT_INITIALIZED"),
          Map.entry(4, "DEINITIALIZED"),
          Map.entry(100, "NO_DEVICE"),
          Map.entry(101, "INVALID_DEVICE"),
          Map.entry(201, "INVALID_CONTEXT"),
          Map.entry(209, "NO_BINARY_FOR_GPU"),
          Map.entry(214, "ECC_UNCORRECTABLE"),
          Map.entry(218, "INVALID_PTX"),
          Map.entry(222, "UNSUPPORTED_PTX_VERSION"),
          Map.entry(400, "INVALID_HANDLE"),
          Map.entry(500, "NOT_FOUND"),
          Map.entry(600, "NOT_READY"),
          Map.entry(700, "ILLEGAL_ADDRESS"),
          Map.entry(701, "LAUNCH_OUT_OF_RESOURCES"),
          Map.entry(702, "LAUNCH_TIMEOUT"),
          Map.entry(716, "MISALIGNED_ADDRESS"),
          Map.entry(719, "LAUNCH_FAILED"),
          Map.entry(803, "SYSTEM_DRIVER_MISMATCH"),
          Map.entry(999, "UNKNOWN")));

  private final String prefix;

  @SuppressWarnings("ImmutableEnumChecker") // Map.of is immutable
  private final Map<Integer, String> names;

  LibraryStatus(String prefix, Map<Integer, String> names) {
    this.prefix = prefix;
    this.names = names;
  }

  /** As {@code CUBLAS_STATUS_NOT_SUPPORTED (15)}, or {@code status 99} if it has no name here. */
  public String describe(int status) {
    String name = names.get(status);
    return name == null ? "status " + status : "%s%s (%d)".formatted(prefix, name, status);
  }
}
