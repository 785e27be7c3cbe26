package org.t3jvm.accel.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.t3jvm.accel.lower.DeviceKernel;

/**
 * The text of kernels for drivers that compile it. It was generated ahead by TornadoVM, and for
 * CUDA compiled to PTX, from the sources of {@code accel.kernels}; it depends neither on shapes nor
 * on devices, as long as addresses have 64 bits. A function is named {@link DeviceKernel#entry()}
 * and takes the launch's ints, its floats, the operands from the second to the last, and the
 * result; arrays start after {@link #HEADER_BYTES}.
 */
public enum KernelText {
  /** OpenCL C 1.1 of the kernels that compute in F32. */
  OPENCL("opencl", ".cl", false),

  /**
   * PTX of all kernels: of compute capability 7.5, or 8.0 for those that are {@link
   * DeviceKernel#isBf16()}.
   */
  CUDA("cuda", ".ptx", true);

  /** What lies before the first element of every array. */
  public static final int HEADER_BYTES = 16;

  private final String folder;
  private final String suffix;
  private final boolean bf16;

  KernelText(String folder, String suffix, boolean bf16) {
    this.folder = folder;
    this.suffix = suffix;
    this.bf16 = bf16;
  }

  /** The kernels that there is text of: words are copied by transfers only. */
  public List<DeviceKernel> kernels() {
    return Arrays.stream(DeviceKernel.values())
        .filter(kernel -> (bf16 || !kernel.isBf16()) && kernel != DeviceKernel.COPY_WORDS)
        .toList();
  }

  /** The file of a kernel's text, from the folder of this package. */
  public String resource(DeviceKernel kernel) {
    return folder + "/" + kernel.label() + suffix;
  }

  /** The text of one kernel. */
  public String of(DeviceKernel kernel) {
    String resource = resource(kernel);
    try (InputStream in = KernelText.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no text " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  /** A hash of all texts, which names what was made from them. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      kernels().forEach(kernel -> digest.update(of(kernel).getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
