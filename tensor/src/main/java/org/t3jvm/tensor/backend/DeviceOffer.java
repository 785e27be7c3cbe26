package org.t3jvm.tensor.backend;

import java.util.Locale;

/**
 * A device of a backend that an automatic choice may take.
 *
 * @param device its number, for {@link BackendOptions#device()}
 * @param name the maker's name of it
 * @param memory bytes of its memory
 * @param rate floating-point operations a second that it reached in a matrix product, 0 if that was
 *     not measured
 */
public record DeviceOffer(int device, String name, long memory, double rate) {
  /** As {@code device 0, NVIDIA H200, 139.8 GiB, 45000 GFLOP/s in a product}. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "device %d, %s, %.1f GiB, %s",
        device,
        name,
        memory / (double) (1L << 30),
        rate == 0
            ? "not measured"
            : String.format(Locale.ROOT, "%.0f GFLOP/s in a product", rate / 1e9));
  }
}
