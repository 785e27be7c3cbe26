package org.t3jvm.accel.tornado;

import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.kernels.AttentionBf16Kernel;
import org.t3jvm.accel.kernels.AttentionKernel;
import org.t3jvm.accel.kernels.ConvKernel;
import org.t3jvm.accel.kernels.ConvertKernels;
import org.t3jvm.accel.kernels.ElementwiseKernels;
import org.t3jvm.accel.kernels.GemmBf16Kernel;
import org.t3jvm.accel.kernels.GemmKernel;
import org.t3jvm.accel.kernels.LengthKernel;
import org.t3jvm.accel.kernels.MoveKernels;
import org.t3jvm.accel.kernels.PackedRowKernels;
import org.t3jvm.accel.kernels.RowKernels;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.nvidia.LibraryFunction;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The method of each kernel, as the one task of a graph. The result is the last argument: a graph
 * whose task reads a bank that an earlier argument writes would wait for itself.
 */
final class KernelTasks {
  /** Name of the task in its graph. */
  static final String TASK = "kernel";

  private final KernelContext context;
  private final IntArray ints;
  private final FloatArray floats;
  private final Arrays arrays;
  private final Optional<NvidiaKernels> libraries;

  /**
   * @param libraries what runs the kernels that NVIDIA's libraries have, if anything
   */
  KernelTasks(
      KernelContext context,
      IntArray ints,
      FloatArray floats,
      Arrays arrays,
      Optional<NvidiaKernels> libraries) {
    this.context = context;
    this.ints = ints;
    this.floats = floats;
    this.arrays = arrays;
    this.libraries = libraries;
  }

  /** Whether a kernel's task is a call of NVIDIA's libraries, which has no threads of its own. */
  boolean isLibrary(DeviceKernel kernel) {
    return libraries.isPresent() && LibraryFunction.of(kernel.name()).isPresent();
  }

  /** Adds a kernel on some banks. */
  void add(TaskGraph graph, DeviceKernel kernel, List<Bank> banks) {
    if (libraries.isPresent() && isLibrary(kernel)) {
      List<TornadoNativeArray> operands = banks.stream().map(arrays::of).toList();
      LibraryFunction function = LibraryFunction.valueOf(kernel.name());
      LibraryTasks.add(graph, function, libraries.get(), ints, floats, operands);
      return;
    }
    switch (kernel) {
      case COPY -> floats2(graph, MoveKernels::copy, banks);
      case COPY_WORDS ->
          graph.task(
              TASK, MoveKernels::copyWords, context, ints, floats, word(banks, 1), word(banks, 0));
      case COPY_STRIDED -> floats2(graph, MoveKernels::copyStrided, banks);
      case GATHER_ROWS ->
          graph.task(
              TASK,
              PackedRowKernels::gather,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 2),
              word(banks, 0));
      case SCATTER_ROWS ->
          graph.task(
              TASK,
              PackedRowKernels::scatter,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 2),
              word(banks, 0));
      case PATCHES ->
          graph.task(
              TASK,
              PackedRowKernels::patches,
              context,
              ints,
              floats,
              word(banks, 1),
              word(banks, 0));
      case EMBEDDING -> floats3(graph, MoveKernels::embedding, banks);
      case EMBEDDING_OF_HALVES ->
          graph.task(
              TASK,
              MoveKernels::embeddingOfHalves,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 2),
              floatAt(banks, 3),
              floatAt(banks, 0));
      case DECODE_HALVES ->
          graph.task(
              TASK,
              MoveKernels::decodeHalves,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 2),
              floatAt(banks, 0));
      case DECODE_BYTES ->
          graph.task(
              TASK,
              MoveKernels::decodeBytes,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 0));
      case SCALE_BLOCKS -> floats3(graph, MoveKernels::scaleBlocks, banks);
      case UNARY -> floats2(graph, ElementwiseKernels::unary, banks);
      case NARROW -> floats2(graph, ElementwiseKernels::narrow, banks);
      case BINARY -> floats3(graph, ElementwiseKernels::binary, banks);
      case MODULATE -> floats4(graph, ElementwiseKernels::modulate, banks);
      case NORM -> floats4(graph, RowKernels::normRows, banks);
      case SOFTMAX -> floats2(graph, RowKernels::softmax, banks);
      case REDUCE -> floats2(graph, RowKernels::reduce, banks);
      case ROPE -> floats3(graph, RowKernels::rope, banks);
      case GEMM -> floats4(graph, GemmKernel::gemm, banks);
      case ATTENTION -> floats5(graph, AttentionKernel::attention, banks);
      case CONV3D -> floats4(graph, ConvKernel::conv3d, banks);
      case ROUND ->
          graph.task(
              TASK,
              ConvertKernels::roundToBf16,
              context,
              ints,
              floats,
              floatAt(banks, 1),
              word(banks, 0));
      case WIDEN ->
          graph.task(
              TASK,
              ConvertKernels::widenBf16,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 0));
      case AVERAGE_ROWS ->
          graph.task(
              TASK,
              ConvertKernels::averageRows,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 2),
              word(banks, 0));
      case GEMM_BF16 ->
          graph.task(
              TASK,
              GemmBf16Kernel::gemm,
              context,
              ints,
              floats,
              word(banks, 3),
              word(banks, 4),
              floatAt(banks, 5),
              floatAt(banks, 2),
              floatAt(banks, 0),
              word(banks, 1));
      case LENGTHS ->
          graph.task(
              TASK,
              LengthKernel::lengths,
              context,
              ints,
              floats,
              word(banks, 1),
              floatAt(banks, 0));
      case ATTENTION_BF16 ->
          graph.task(
              TASK,
              AttentionBf16Kernel::attention,
              context,
              ints,
              floats,
              word(banks, 2),
              word(banks, 3),
              word(banks, 4),
              floatAt(banks, 1),
              word(banks, 0));
    }
  }

  private void floats2(
      TaskGraph graph,
      Task5<KernelContext, IntArray, FloatArray, FloatArray, FloatArray> kernel,
      List<Bank> banks) {
    graph.task(TASK, kernel, context, ints, floats, floatAt(banks, 1), floatAt(banks, 0));
  }

  private void floats3(
      TaskGraph graph,
      Task6<KernelContext, IntArray, FloatArray, FloatArray, FloatArray, FloatArray> kernel,
      List<Bank> banks) {
    graph.task(
        TASK,
        kernel,
        context,
        ints,
        floats,
        floatAt(banks, 1),
        floatAt(banks, 2),
        floatAt(banks, 0));
  }

  private void floats4(
      TaskGraph graph,
      Task7<KernelContext, IntArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray>
          kernel,
      List<Bank> banks) {
    graph.task(
        TASK,
        kernel,
        context,
        ints,
        floats,
        floatAt(banks, 1),
        floatAt(banks, 2),
        floatAt(banks, 3),
        floatAt(banks, 0));
  }

  private void floats5(
      TaskGraph graph,
      Task8<
              KernelContext,
              IntArray,
              FloatArray,
              FloatArray,
              FloatArray,
              FloatArray,
              FloatArray,
              FloatArray>
          kernel,
      List<Bank> banks) {
    graph.task(
        TASK,
        kernel,
        context,
        ints,
        floats,
        floatAt(banks, 1),
        floatAt(banks, 2),
        floatAt(banks, 3),
        floatAt(banks, 4),
        floatAt(banks, 0));
  }

  private FloatArray floatAt(List<Bank> banks, int operand) {
    return arrays.floats(banks.get(operand));
  }

  private IntArray word(List<Bank> banks, int operand) {
    return arrays.words(banks.get(operand));
  }
}
