package org.t3jvm.spark.task;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.fit.MemoryBudget;

/** What of an executor a task may use, by Spark's own settings. */
final class ExecutorMachine {
  private static final long MB = 1L << 20;
  private static final long LEAST_OVERHEAD = 384 * MB;
  private static final double OVERHEAD = 0.1;

  private ExecutorMachine() {}

  /** Threads from {@code spark.task.cpus}, the device from the GPU that the task was assigned. */
  static RunOptions options(Settings.Machine machine, TaskContext context, SparkConf conf)
      throws IOException {
    ResourceInformation gpu = context.resourcesJMap().get("gpu");
    return new RunOptions(
        machine.threads() != 0 ? machine.threads() : context.cpus(),
        gpu == null ? machine.device() : device(gpu.addresses()),
        machine.deviceMemory(),
        machine.runtime(),
        machine.memory() != 0 ? machine.memory() : memory(conf),
        machine.textCache() == null ? null : Path.of(machine.textCache()),
        null,
        null);
  }

  private static int device(String... addresses) throws IOException {
    if (addresses.length != 1) {
      throw new IOException(
          "the task has %d GPUs, a video is made on one: set spark.task.resource.gpu.amount=1"
              .formatted(addresses.length));
    }
    try {
      return Integer.parseInt(addresses[0]);
    } catch (NumberFormatException e) {
      throw new IOException(
          "the GPU's address is '%s', must be its number, as gpus.sh gives it"
              .formatted(addresses[0]),
          e);
    }
  }

  /**
   * What the cluster manager lets an executor take beside its heap, where the tensors are, and what
   * a JVM takes itself. 0, which is what the machine has free, where the driver is the executor.
   */
  static long memory(SparkConf conf) {
    if (conf.get("spark.master", "").startsWith("local")) {
      return 0;
    }
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    long overhead =
        conf.contains("spark.executor.memoryOverhead")
            ? conf.getSizeAsMb("spark.executor.memoryOverhead") * MB
            : Math.max(LEAST_OVERHEAD, (long) (OVERHEAD * heap));
    return MemoryBudget.JVM + overhead + conf.getSizeAsBytes("spark.memory.offHeap.size", "0");
  }
}
