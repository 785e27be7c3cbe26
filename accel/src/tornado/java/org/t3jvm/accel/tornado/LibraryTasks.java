package org.t3jvm.accel.tornado;

import static java.util.Arrays.fill;

import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.accel.nvidia.LibraryFunction;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Calls of NVIDIA's libraries as tasks; {@link NvidiaProvider} makes them. */
final class LibraryTasks {
  /** Arguments before the operands, which come last to first: the launch's ints and floats. */
  static final int OPERANDS = 2;

  private LibraryTasks() {}

  /**
   * Adds a call as the one task of a graph.
   *
   * @param kernels what makes it
   * @param operands arrays of the banks, the result's first
   */
  static void add(
      TaskGraph graph,
      LibraryFunction function,
      NvidiaKernels kernels,
      IntArray ints,
      FloatArray floats,
      List<TornadoNativeArray> operands) {
    // Results come last: a graph whose task reads a bank that an earlier argument writes would wait
    // for itself.
    Object[] arguments =
        Stream.concat(Stream.of(ints, floats), operands.reversed().stream()).toArray(Object[]::new);
    Access[] access = new Access[arguments.length];
    fill(access, Access.READ_ONLY);
    fill(access, access.length - function.results(), access.length, Access.READ_WRITE);
    // The number of the launch is written to the ints: see NvidiaProvider.
    access[0] = Access.READ_WRITE;
    LibraryTaskDescriptor call =
        new LibraryTaskDescriptor()
            .withLibrary(NvidiaProvider.NAME)
            .withFunction(function.name())
            .withParameters(arguments)
            .withAccess(access)
            .withTuning(kernels);
    graph.libraryTask(KernelTasks.TASK, each -> call, ints);
  }
}
