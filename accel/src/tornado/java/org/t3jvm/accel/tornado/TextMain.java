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
import org.t3jvm.accel.text.KernelSources;
import org.t3jvm.accel.text.KernelText;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Has TornadoVM compile the kernels, without running them, and writes their text beside the
 * sources, or checks that it is there. Which device compiles does not matter, nor do the sizes.
 */
public final class TextMain {
  private static final int ELEMENTS = 1 << 10;
  private static final int GROUP = 64;

  private final Path printed;
  private final TornadoBackend backend;
  private final KernelContext context = new KernelContext();
  private final IntArray ints = new IntArray(Launch.MAX_INTS);
  private final FloatArray floats = new FloatArray(Launch.MAX_FLOATS);

  private TextMain(Path printed, TornadoBackend backend) {
    this.printed = printed;
    this.backend = backend;
  }

  /**
   * Runs {@code write FOLDER} or {@code check FOLDER}.
   *
   * @param arguments what to do, and the folder of module accel
   */
  public static void main(String[] arguments) throws IOException {
    Path module = Path.of(arguments[1]);
    Path folder = module.resolve("src/main/resources/org/t3jvm/accel/text");
    Path printed = Files.createTempFile("kernel", ".txt");
    System.setProperty("tornado.printKernel", "True");
    System.setProperty("tornado.print.kernel.dir", printed.toString());
    List<String> stale = new ArrayList<>();
    try {
      TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
      for (int i = 0; i < runtime.getNumBackends(); i++) {
        TornadoBackend backend = runtime.getBackend(i);
        for (KernelText text : KernelText.values()) {
          if (backend.getBackendType().name().equals(text.name())) {
            System.out.printf(
                "%s the %s text of %d kernels%n", arguments[0], text, text.kernels().size());
            stale.addAll(new TextMain(printed, backend).stale(text, folder, arguments[0]));
          }
        }
      }
    } finally {
      Files.deleteIfExists(printed);
    }
    if (arguments[0].equals("write")) {
      Files.writeString(folder.resolve(KernelSources.HASH), KernelSources.hash(module) + "\n");
    } else if (!stale.isEmpty()) {
      throw new IllegalStateException(
          "the text of kernels %s is not what TornadoVM generates: run mvn -pl accel -am -Dt3.text=write -Dquick process-classes"
              .formatted(stale));
    }
    // Threads of the runtime would keep the process.
    System.exit(0);
  }

  private List<String> stale(KernelText text, Path folder, String task) throws IOException {
    List<String> stale = new ArrayList<>();
    for (DeviceKernel kernel : text.kernels()) {
      String generated = CanonicalText.of(generate(kernel), kernel.entry());
      Path file = folder.resolve(text.resource(kernel));
      if (task.equals("write")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, generated);
      } else if (!Files.exists(file) || !Files.readString(file).equals(generated)) {
        stale.add(text.resource(kernel));
      }
    }
    return stale;
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
