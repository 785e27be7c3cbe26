package org.t3jvm.accel.tornado;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.t3jvm.accel.lower.DeviceKernel;

/**
 * The PTX of kernels in CUDA C, by NVIDIA's compiler {@code nvcc}. It starts with a hash of the
 * CUDA C, which shows without the compiler whether it is of another.
 */
final class Ptx {
  private Ptx() {}

  /** The first line of the PTX of a kernel. */
  static String firstLine(String source) {
    try {
      byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "// of CUDA C with hash " + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Compiles one kernel, for the oldest devices and drivers that can run it.
   *
   * @throws IllegalStateException if nvcc does not take it
   * @throws IOException if nvcc is not there
   */
  static String compile(DeviceKernel kernel, String source) throws IOException {
    Path folder = Files.createTempDirectory("ptx");
    Path file = Files.writeString(folder.resolve(kernel.entry() + ".cu"), source);
    Path compiled = folder.resolve(kernel.entry() + ".ptx");
    try {
      Process nvcc =
          new ProcessBuilder(
                  "nvcc",
                  "-ptx",
                  kernel.isBf16() ? "-arch=compute_80" : "-arch=compute_75",
                  "-o",
                  compiled.toString(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (nvcc.waitFor() != 0) {
        throw new IllegalStateException("nvcc does not take %s: %s".formatted(file, said));
      }
      return firstLine(source) + "\n" + lowered(kernel, Files.readAllLines(compiled));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("nvcc was not waited for", e);
    } finally {
      Files.deleteIfExists(compiled);
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  /** Without the compiler's comments, and of the first version that has all its instructions. */
  private static String lowered(DeviceKernel kernel, List<String> lines) {
    String version = kernel.isBf16() ? "7.0" : "6.4";
    return lines.stream()
        .map(line -> line.replaceFirst("\\s*//.*$", "").stripTrailing())
        .filter(line -> !line.isEmpty())
        .map(line -> line.startsWith(".version ") ? ".version " + version : line)
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
