package org.t3jvm.spark.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorMachineTest {
  private static final long MIB = 1 << 20;
  private static final long JVM = 320_000_000;

  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  @Test
  void theBudgetIsWhatAnExecutorHasBesideItsHeap() {
    SparkConf conf = conf("yarn");
    assertThat(ExecutorMachine.memory(conf)).isEqualTo(JVM + 384 * MIB);
    conf.set("spark.executor.memory", "10g");
    assertThat(ExecutorMachine.memory(conf)).isEqualTo(JVM + 1024 * MIB);
    conf.set("spark.executor.memoryOverhead", "2048");
    assertThat(ExecutorMachine.memory(conf)).isEqualTo(JVM + 2048 * MIB);
    conf.set("spark.memory.offHeap.size", "1g");
    assertThat(ExecutorMachine.memory(conf)).isEqualTo(JVM + 3072 * MIB);
    assertThat(ExecutorMachine.memory(conf("local[2]"))).as("what is free").isZero();
  }
}
