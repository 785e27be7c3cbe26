package org.t3jvm.accel.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.text.KernelText;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Has TornadoVM compile the kernels, without running them, and prints their text. Which device
 * compiles does not matter, nor do the sizes.
 */
final class TextGenerator {
  private static final int ELEMENTS = 1 << 10;
  private static final int GROUP = 64;

  private final Path printed;
  private final TornadoBackend backend;
  private final KernelContext context = new KernelContext();
  private final IntArray ints = new IntArray(Launch.MAX_INTS);
  private final FloatArray floats = new FloatArray(Launch.MAX_FLOATS);

  private TextGenerator(Path printed, TornadoBackend backend) {
    this.printed = printed;
    this.backend = backend;
  }

  /**
   * Writes text, or compares it.
   *
   * @param text that the default backend of this JVM generates: what TornadoVM takes a kernel for
   *     is asked of that one, and kept for the others
   * @param task {@code write} or {@code check}
   * @param folder of the text
   * @return the files whose text is another one
   */
  static List<String> run(KernelText text, String task, Path folder) throws IOException {
    Path printed = Files.createTempFile("kernel", ".txt");
    System.setProperty("tornado.printKernel", "True");
    System.setProperty("tornado.print.kernel.dir", printed.toString());
    try {
      TornadoBackend backend = TornadoRuntimeProvider.getTornadoRuntime().getBackend(0);
      if (backend.getBackendType().name().equals(text.name())) {
        return new TextGenerator(printed, backend).stale(text, folder, task);
      }
      if (task.equals(TextMain.WRITE)) {
        throw new IllegalStateException("TornadoVM does not generate %s here".formatted(text));
      }
      return List.of();
    } finally {
      Files.deleteIfExists(printed);
    }
  }

  private List<String> stale(KernelText text, Path folder, String task) throws IOException {
    List<String> stale = new ArrayList<>();
    for (DeviceKernel kernel : text.kernels()) {
      String generated = CanonicalText.of(generate(kernel), kernel.entry());
      Path file = folder.resolve(text.resource(kernel));
      if (task.equals(TextMain.WRITE)) {
        Files.createDirectories(file.getParent());
        Files.writeString(
            file, text == KernelText.CUDA ? Ptx.compile(kernel, generated) : generated);
      } else if (!Files.exists(file) || !isOf(Files.readString(file), text, generated)) {
        stale.add(text.resource(kernel));
      }
    }
    return stale;
  }

  private static boolean isOf(String kept, KernelText text, String generated) {
    return text == KernelText.CUDA
        ? kept.startsWith(Ptx.firstLine(generated))
        : kept.equals(generated);
  }

  /** What TornadoVM prints for one kernel, each of whose operands is a bank of its own. */
  private String generate(DeviceKernel kernel) throws IOException {
    Files.writeString(printed, "");
    List<Bank> operands = new ArrayList<>();
    for (DeviceKernel.Shape shape : kernel.operands()) {
      operands.add(new Bank(Bank.Kind.valueOf(shape.name()), operands.size(), ELEMENTS));
    }
    Arrays arrays = new Arrays(operands);
    String name = kernel.entry();
    TaskGraph graph = new TaskGraph(name);
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, ints, floats);
    for (Bank operand : new LinkedHashSet<>(operands)) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.of(operand));
    }
    new KernelTasks(context, ints, floats, arrays, Optional.empty()).add(graph, kernel, operands);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, ints);
    WorkerGrid3D grid = new WorkerGrid3D(GROUP, 1, 1);
    grid.setLocalWork(GROUP, 1, 1);
    new TornadoExecutionPlan(graph.snapshot())
        .withDevice(backend.getDevice(0))
        .withGridScheduler(new GridScheduler(name + "." + KernelTasks.TASK, grid))
        .withPreCompilation();
    return Files.readString(printed);
  }
}
