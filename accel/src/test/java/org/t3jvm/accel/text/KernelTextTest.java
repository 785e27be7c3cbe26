package org.t3jvm.accel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.accel.lower.DeviceKernel;

/** The generated text: that it is of today's kernels, and what the table of kernels says of it. */
class KernelTextTest {
  private static final Pattern LOCAL_ARRAY =
      Pattern.compile("__local (?:int|float) \\w+\\[(\\d+)]");
  private static final Pattern SHARED = Pattern.compile("\\.shared [^\\[\n]*\\[(\\d+)]");
  private static final int ELEMENT_BYTES = 4;

  @Test
  void isNotOlderThanTheKernels() throws IOException {
    Path module = Path.of("");
    Path hash =
        module.resolve("src/main/resources/org/t3jvm/accel/text").resolve(KernelSources.HASH);
    assertThat(KernelSources.hash(module))
        .as(
            "hash of the kernels' sources, which must be that of %s; generate the text again, see"
                + " CONTRIBUTING.md",
            hash)
        .isEqualTo(Files.readString(hash).strip());
  }

  @Test
  void hasTheLocalMemoryAndTheOperandsOfTheTable() {
    for (DeviceKernel kernel : KernelText.OPENCL.kernels()) {
      String text = KernelText.OPENCL.of(kernel);
      int bytes = 0;
      for (Matcher array = LOCAL_ARRAY.matcher(text); array.find(); ) {
        bytes += ELEMENT_BYTES * Integer.parseInt(array.group(1));
      }
      assertThat(bytes).as("local memory of %s", kernel).isEqualTo(kernel.localBytes());
      String signature = text.lines().findFirst().orElseThrow();
      assertThat(signature).contains(" " + kernel.entry() + "(__global uchar *ints,");
      assertThat(signature.split(",")).as(signature).hasSize(2 + kernel.operands().size());
    }
  }

  @Test
  void ptxHasTheLocalMemoryAndTheOperandsOfTheTable() {
    for (DeviceKernel kernel : KernelText.CUDA.kernels()) {
      String text = KernelText.CUDA.of(kernel);
      int bytes =
          SHARED.matcher(text).results().mapToInt(at -> Integer.parseInt(at.group(1))).sum();
      assertThat(bytes).as("local memory of %s", kernel).isEqualTo(kernel.localBytes());
      assertThat(text).contains(".visible .entry " + kernel.entry() + "(");
      assertThat(text.split("\\.param \\.u64 ", -1))
          .as(kernel.label())
          .hasSize(3 + kernel.operands().size());
    }
  }

  /** What drivers of CUDA 10 and 11 take, for GPUs from Turing and from Ampere on. */
  @Test
  void ptxIsForTheOldestDevicesAndDrivers() {
    for (DeviceKernel kernel : KernelText.CUDA.kernels()) {
      assertThat(KernelText.CUDA.of(kernel))
          .as(kernel.label())
          .startsWith("// of CUDA C with hash ")
          .contains(
              kernel.isBf16() ? ".version 7.0\n.target sm_80" : ".version 6.4\n.target sm_75");
    }
  }

  /** What old compilers and half of all devices do not have. */
  @Test
  void needsNoExtensionAndNoNewerLanguage() {
    for (DeviceKernel kernel : KernelText.OPENCL.kernels()) {
      assertThat(KernelText.OPENCL.of(kernel))
          .as(kernel.label())
          .doesNotContain("#pragma", "double", "half", "native_", "atom", "_kernel_context");
    }
  }

  @Test
  void commentsAndLayoutDoNotMakeTextOld(@TempDir Path module) throws IOException {
    Path folder =
        Files.createDirectories(module.resolve("src/tornado/java/org/t3jvm/accel/kernels"));
    Path file = folder.resolve("K.java");
    Files.writeString(file, "class K { /** Adds. */ int f(int a) { return a + 1; } }");
    String before = KernelSources.hash(module);
    Files.writeString(file, "class K {\n  int f( int a) {\n return a+1; // one\n }}\n");
    assertThat(KernelSources.hash(module)).isEqualTo(before);
    Files.writeString(file, "class K { int f(int a) { return a + 2; } }");
    assertThat(KernelSources.hash(module)).isNotEqualTo(before);
  }
}
